import { type Spread, spreadOf } from './statistics.ts';

/** Prints a table in Markdown, so that it can go into the README as it is. */
export const printTable = (title: string, columns: readonly string[], rows: readonly (readonly string[])[]): void => {
  const widths = columns.map((name, column) =>
    Math.max(name.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  console.log(`\n### ${title}\n\n${[line(columns), rule, ...rows.map(line)].join('\n')}`);
};

/** Three significant digits, thousands apart: `1,230`, `45.6`, `0.0123`. */
export const number = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString('en', { maximumSignificantDigits: 3 }) : '-';

/** `median (low-high)` of some rounds. */
export const spread = (values: readonly number[], format: (value: number) => string = number): string => {
  const { median, low, high }: Spread = spreadOf(values);
  return `${format(median)} (${format(low)}-${format(high)})`;
};

export const percent = (value: number): string => `${Math.round(100 * value)} %`;

/** `100 B`, `64 KiB`, `1 MiB`. */
export const size = (bytes: number): string => {
  if (bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} B`;
};
