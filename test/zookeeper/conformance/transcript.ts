/** What came of one step: a line for everything that a server said, with the slot that heard it. */
export type StepRecord = { readonly step: string; readonly lines: readonly string[] };

/** What came of a sequence on one server. */
export type Transcript = readonly StepRecord[];

/** Where two servers differ, with all that led there; undefined where they do not. */
export const differenceOf = (real: Transcript, other: Transcript): string | undefined => {
  const at = real.findIndex(({ lines }, index) => !sameLines(lines, other[index]?.lines ?? []));
  if (at === -1) return undefined;
  const { step, lines } = real[at] ?? { step: '', lines: [] };
  const difference = [step, ...indented('    real  ', lines), ...indented('    other ', other[at]?.lines ?? [])];
  return [transcriptText(real.slice(0, at)), ...difference].join('\n');
};

/** As it is printed. */
export const transcriptText = (transcript: Transcript): string =>
  transcript.flatMap(({ step, lines }) => [step, ...indented('    ', lines)]).join('\n');

const sameLines = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((line, index) => line === others[index]);

const indented = (indent: string, lines: readonly string[]): string[] => lines.map((line) => `${indent}${line}`);
