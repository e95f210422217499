import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock, systemRandom, systemScheduler } from '../src/system.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('systemScheduler', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs a task once, when it is due', () => {
    const task = vi.fn();
    systemScheduler.after(100, task);
    vi.advanceTimersByTime(99);
    expect(task).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1000);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('waits for as long as it is told, also beyond the 24.8 days that Node can count', () => {
    const task = vi.fn();
    systemScheduler.after(100 * DAY_MS, task);
    vi.advanceTimersByTime(100 * DAY_MS - 1);
    expect(task).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('repeats a task until it is called off, also in its midst', () => {
    let runs = 0;
    const timer = systemScheduler.every(30 * DAY_MS, () => {
      runs++;
      if (runs === 3) timer.cancel();
    });
    vi.advanceTimersByTime(300 * DAY_MS);
    expect(runs).toBe(3);
  });

  it('does not run what was called off, in any lap', () => {
    const task = vi.fn();
    const timer = systemScheduler.after(100 * DAY_MS, task);
    vi.advanceTimersByTime(60 * DAY_MS);
    timer.cancel();
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(task).toHaveBeenCalledTimes(0);
  });
});

describe('a process', () => {
  it('stays for a task that is to run once, and not for one that repeats', () => {
    const system = fileURLToPath(new URL('../src/system.ts', import.meta.url));
    const program = `
      import { systemScheduler } from ${JSON.stringify(system)};
      systemScheduler.every(2, () => {});
      systemScheduler.after(20, () => process.stdout.write('ran'));
    `;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 10_000 });
    expect([child.stdout.toString(), child.status]).toEqual(['ran', 0]);
  });
});

describe('systemClock', () => {
  it('tells the wall time and a steady one that goes on', () => {
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000);
    const before = systemClock.steadyMs();
    expect(systemClock.steadyMs()).toBeGreaterThanOrEqual(before);
  });
});

describe('systemRandom', () => {
  it('draws below the bound, and bytes', () => {
    const drawn = new Set(Array.from({ length: 200 }, () => systemRandom.below(3)));
    expect([...drawn].sort()).toEqual([0, 1, 2]);
    expect(systemRandom.bytes(16).length).toBe(16);
  });
});
