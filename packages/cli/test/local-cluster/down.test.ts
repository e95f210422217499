import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { down } from '../../src/local-cluster/down.ts';
import { noteProcess } from '../../src/processes/process-file.ts';
import { isAlive } from '../../src/processes/process-mark.ts';
import { ended, type TestProcess, testProcess } from '../support/test-process.ts';

let dataDir: string;
let runs: TestProcess[];
let out: string[];
const terminal = { out: (text: string) => void out.push(text), err: () => {} };

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'down-'));
  runs = [];
  out = [];
});

afterEach(async () => {
  for (const run of runs) await ended(run);
  rmSync(dataDir, { recursive: true });
});

const runFrom = async (name: string): Promise<TestProcess> => {
  const run = await testProcess();
  runs.push(run);
  mkdirSync(join(dataDir, name));
  noteProcess(join(dataDir, name), { ...run.mark, args: [] });
  return run;
};

describe('down', () => {
  it('stops the brokers, then ZooKeeper, and tells', async () => {
    const zookeeper = await runFrom('zookeeper');
    const brokers = [await runFrom('broker-10'), await runFrom('broker-9')];
    await down(dataDir, terminal);
    for (const run of [zookeeper, ...brokers]) expect(isAlive(run.mark)).toBe(false);
    expect(out).toEqual([
      expect.stringMatching(/^broker 9 \(process \d+\) stopped in \d+ ms\.\n$/),
      expect.stringMatching(/^broker 10 \(process \d+\) stopped/),
      expect.stringMatching(/^ZooKeeper \(process \d+\) stopped/),
    ]);
  });

  it('leaves alone what was not started from there', async () => {
    const run = await runFrom('broker-1');
    noteProcess(join(dataDir, 'broker-1'), { ...run.mark, started: '1 of another time', args: [] });
    await down(dataDir, terminal);
    expect(isAlive(run.mark)).toBe(true);
    expect(out).toEqual([`Nothing runs from ${dataDir}.\n`]);
  });

  it('finds nothing in a directory that is not there', async () => {
    await down(join(dataDir, 'missing'), terminal);
    expect(out).toEqual([`Nothing runs from ${join(dataDir, 'missing')}.\n`]);
  });
});
