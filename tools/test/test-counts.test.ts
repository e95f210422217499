import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countTests, failures, type Report, slowestFiles } from '../test-counts.ts';

const report = (values: Partial<Report>): Report => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...values,
});

const PASSED = { fullName: 'is true', status: 'passed', failureMessages: [] };

const file = (
  name: string,
  seconds: number,
  status = 'passed',
  assertionResults: Report['testResults'][number]['assertionResults'] = [PASSED],
) => ({
  name: resolve(name),
  status,
  startTime: 1000,
  endTime: 1000 + seconds * 1000,
  assertionResults,
});

describe('countTests', () => {
  it('adds up the reports', () => {
    const counts = countTests([
      report({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2 }),
      report({ numPassedTests: 3, numTodoTests: 1 }),
    ]);
    expect(counts).toEqual({ passed: 8, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded, and not twice one whose tests failed', () => {
    const testResults = [file('a.test.ts', 1, 'failed', []), file('b.test.ts', 1, 'failed')];
    expect(countTests([report({ numFailedTests: 1, testResults })]).failed).toBe(2);
  });
});

describe('slowestFiles', () => {
  it('puts the slowest first, over all reports', () => {
    const reports = [
      report({ testResults: [file('a.test.ts', 1), file('b.test.ts', 12.34)] }),
      report({ testResults: [file('c.test.ts', 3)] }),
    ];
    expect(slowestFiles(reports, 2)).toEqual(['   12.3 s  b.test.ts', '    3.0 s  c.test.ts']);
  });
});

describe('failures', () => {
  it('names each test that failed, with the first line of why', () => {
    const failed = { fullName: 'adds up', status: 'failed', failureMessages: ['expected 2 to be 3\n  at sum.ts:1'] };
    const reports = [report({ testResults: [file('a.test.ts', 1, 'failed', [PASSED, failed]), file('b.test.ts', 1)] })];
    expect(failures(reports)).toEqual(['FAILED a.test.ts: adds up: expected 2 to be 3']);
  });
});
