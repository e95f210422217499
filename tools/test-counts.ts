/**
 * Adds up what vitest's JSON reporter wrote. Prints `passed failed skipped`, three numbers on one line, and before it, on
 * stderr, the files that took longest, and each test that failed. Arguments: the reports; one that is not there counts nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

type TestResult = { fullName: string; status: string; failureMessages: string[] };
type FileResult = {
  name: string;
  status: string;
  startTime: number;
  endTime: number;
  assertionResults: TestResult[];
};

/** The part of vitest's report that is read here. */
export type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: FileResult[];
};

export type Counts = { passed: number; failed: number; skipped: number };

/** The sums over all reports. A file that failed before any of its tests began counts as one failure. */
export function countTests(reports: readonly Report[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    counts.passed += report.numPassedTests;
    counts.failed += report.numFailedTests + report.testResults.filter(brokeOnLoad).length;
    counts.skipped += report.numPendingTests + report.numTodoTests;
  }
  return counts;
}

function brokeOnLoad({ status, assertionResults }: FileResult): boolean {
  return status === 'failed' && assertionResults.length === 0;
}

/** The `count` files that took longest, longest first, as lines to print. */
export function slowestFiles(reports: readonly Report[], count: number): string[] {
  return reports
    .flatMap(({ testResults }) => testResults)
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${relative('.', name)}`);
}

/** The tests that failed, each with the first line of why, as lines to print. */
export function failures(reports: readonly Report[]): string[] {
  return reports
    .flatMap(({ testResults }) => testResults)
    .flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages: [why = ''] }) => {
          return `FAILED ${relative('.', name)}: ${fullName}: ${why.split('\n', 1)[0]}`;
        }),
    );
}

if (import.meta.main) {
  const paths = process.argv.slice(2).filter((path) => existsSync(path));
  const reports = paths.map((path): Report => JSON.parse(readFileSync(path, 'utf8')));
  for (const line of slowestFiles(reports, 8)) console.error(line);
  for (const line of failures(reports)) console.error(line);
  const { passed, failed, skipped } = countTests(reports);
  console.log(`${passed} ${failed} ${skipped}`);
}
