import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetProcess, noteProcess, runningProcess } from '../../src/processes/process-file.ts';
import { ended, testProcess } from '../support/test-process.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'process-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the note about a process', () => {
  it('names it as long as it runs', async () => {
    const run = await testProcess();
    const started = { ...run.mark, args: ['a=1'], url: 'http://a' };
    noteProcess(directory, started);
    expect(runningProcess(directory)).toEqual(started);
    await ended(run);
    expect(runningProcess(directory)).toBeUndefined();
  });

  it('names nobody where the number is that of another process', () => {
    noteProcess(directory, { pid: process.pid, started: '1 of another time', command: 'barnabas', args: [] });
    expect(runningProcess(directory)).toBeUndefined();
  });

  it.each([
    '',
    '{}',
    '{"pid":"1","started":"","command":"","args":[]}',
    'null',
  ])('names nobody where it is %j', (text) => {
    writeFileSync(join(directory, 'process.json'), text);
    expect(runningProcess(directory)).toBeUndefined();
  });

  it('can be forgotten, also where there is none', async () => {
    const run = await testProcess();
    noteProcess(directory, { ...run.mark, args: [] });
    forgetProcess(directory);
    forgetProcess(directory);
    expect(runningProcess(directory)).toBeUndefined();
    await ended(run);
  });
});
