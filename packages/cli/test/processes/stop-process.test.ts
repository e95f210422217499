import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/processes/process-mark.ts';
import { send, stopProcess } from '../../src/processes/stop-process.ts';
import { ended, type TestProcess, testProcess } from '../support/test-process.ts';

const runs: TestProcess[] = [];
const started = async (kind: 'obedient' | 'stubborn') => {
  const run = await testProcess(kind);
  runs.push(run);
  return run;
};

afterEach(async () => {
  for (const run of runs.splice(0)) await ended(run);
});

describe('stopProcess', () => {
  it('asks, and waits', async () => {
    const run = await started('obedient');
    expect(await stopProcess(run.mark, 10_000)).toBe('stopped');
    expect(isAlive(run.mark)).toBe(false);
    // Its parent hears of it a moment later.
    if (run.child.signalCode === null) await once(run.child, 'exit');
    expect(run.child.signalCode).toBe('SIGTERM');
  });

  it('kills what does not listen', async () => {
    const run = await started('stubborn');
    expect(await stopProcess(run.mark, 100)).toBe('killed');
    expect(isAlive(run.mark)).toBe(false);
  });

  it('leaves a stranger with the same number alone', async () => {
    const run = await started('obedient');
    const stranger = { ...run.mark, started: '1 of another time' };
    expect(await stopProcess(stranger, 100)).toBe('stopped');
    send(stranger, 'SIGKILL');
    expect(isAlive(run.mark)).toBe(true);
  });
});
