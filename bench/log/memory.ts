/** Memory that open logs hold, after the garbage has been collected, in a process that does nothing else. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { number, printTable } from '../support/table.ts';
import { type Memory, runChild } from './child-task.ts';
import { makeLogs } from './many-logs.ts';
import type { Scale } from './scale.ts';

export const measureMemory = async (dir: string, { memoryPartitions }: Scale): Promise<void> => {
  const into = join(dir, 'memory');
  await makeLogs(into, memoryPartitions);
  const task = { dir: into, flush: 'os', append: true, memory: true, end: 'close' } as const;
  const { before, idle, appended, logs } = await runChild(task);
  rmSync(into, { recursive: true });
  const row = (name: string, memory: Memory): string[] => {
    const heldBytes = memory.heap + memory.arrayBuffers - before.heap - before.arrayBuffers;
    const mb = [
      memory.heap - before.heap,
      memory.arrayBuffers - before.arrayBuffers,
      heldBytes,
      memory.rss - before.rss,
    ];
    return [name, ...mb.map((bytes) => number(bytes / 1e6)), number(heldBytes / logs / 1000)];
  };
  const columns = ['state', 'heap MB', 'array buffers MB', 'both MB', 'RSS MB', 'kB for each'];
  printTable(`Memory of ${logs} open partitions of 10 segments (above what the process had before)`, columns, [
    row('idle after opening', idle),
    row('after one append to each', appended),
  ]);
};
