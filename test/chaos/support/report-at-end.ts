import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_DIR, tableOf } from './report.ts';

const REPORT = join(REPORT_DIR, '../chaos-report.md');

/** For a run of all suites: their rows as one table, printed and in a file. */
export const setup = (): void => rmSync(REPORT_DIR, { recursive: true, force: true });

export const teardown = (): void => {
  if (!existsSync(REPORT_DIR)) return;
  const rows = readdirSync(REPORT_DIR)
    .sort()
    .map((name) => readFileSync(join(REPORT_DIR, name), 'utf8').trimEnd());
  const table = `${tableOf(rows)}\n`;
  writeFileSync(REPORT, table);
  process.stdout.write(`\n${table}\nin ${REPORT}\n`);
};
