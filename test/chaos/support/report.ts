import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../audit/audit.ts';
import type { Outcome } from './stage.ts';

/** Where each suite leaves its rows. */
export const REPORT_DIR = join(import.meta.dirname, '../../../.cache/chaos');

const COLUMNS = [
  'fault',
  'rounds',
  'acknowledged',
  'lost',
  'duplicated',
  'other findings',
  'given up',
  'longest gap p50',
  'max',
];

/** A line of the report for each fault, from the outcomes of its rounds. */
export class Report {
  readonly #outcomes = new Map<string, Outcome[]>();

  add(fault: string, outcome: Outcome): void {
    this.#outcomes.set(fault, [...(this.#outcomes.get(fault) ?? []), outcome]);
  }

  get rows(): string[] {
    return Array.from(this.#outcomes, ([fault, outcomes]) => rowOf(fault, outcomes));
  }

  /** Writes the rows for `readReport`. */
  save(suite: string): void {
    mkdirSync(REPORT_DIR, { recursive: true });
    writeFileSync(join(REPORT_DIR, `${suite}.md`), this.rows.map((row) => `${row}\n`).join(''));
  }
}

export function tableOf(rows: readonly string[]): string {
  return [line(COLUMNS), line(COLUMNS.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows].join('\n');
}

function rowOf(fault: string, outcomes: readonly Outcome[]): string {
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, it) => total + of(it), 0);
  const found = (...kinds: Kind[]): number =>
    sum(({ findings }) => findings.filter(({ kind }) => kinds.includes(kind)).length);
  const [lost, duplicated] = [found('lost'), found('duplicated')];
  const gaps = outcomes.map(({ longestGapMs }) => longestGapMs).sort((a, b) => a - b);
  return line([
    fault,
    `${outcomes.length}`,
    `${sum(({ acknowledged }) => acknowledged)}`,
    `${lost}`,
    `${duplicated}`,
    `${sum(({ findings }) => findings.length) - lost - duplicated}`,
    `${sum(({ givenUp }) => givenUp)}`,
    seconds(gaps[Math.floor(gaps.length / 2)] ?? 0),
    seconds(gaps.at(-1) ?? 0),
  ]);
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
