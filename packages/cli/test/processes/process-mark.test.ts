import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pause } from '../../src/pause.ts';
import { isAlive, markOf } from '../../src/processes/process-mark.ts';
import { ended, testProcess } from '../support/test-process.ts';

describe('a process', () => {
  it('is the one that it was as long as it runs', async () => {
    const run = await testProcess();
    expect(run.mark).toMatchObject({ pid: run.child.pid, command: expect.stringContaining('setInterval') });
    expect(markOf(run.mark.pid)).toEqual(run.mark);
    expect(isAlive(run.mark)).toBe(true);
    await ended(run);
    expect(isAlive(run.mark)).toBe(false);
  });

  it('is not another one that has its number', () => {
    const own = markOf(process.pid);
    if (own === undefined) throw new Error('this process is not there');
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, started: '1 of another time' })).toBe(false);
    expect(isAlive({ ...own, command: 'vi letter' })).toBe(false);
  });

  it.runIf(existsSync('/proc/self/stat'))('has ended when it only waits for its parent', async () => {
    // The shell does not ask after its child; the child's number comes first.
    const shell = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(shell.stdout, 'data');
    const pid = Number(String(line));
    while (markOf(pid) !== undefined) await pause(5);
    expect(existsSync(`/proc/${pid}/stat`)).toBe(true);
    shell.kill('SIGKILL');
    await once(shell, 'exit');
  });

  it('is none where there is none', () => {
    expect(markOf(2 ** 30)).toBeUndefined();
  });
});
