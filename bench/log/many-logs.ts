import { readdirSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { batchOf } from './batches.ts';
import { LOGS_CONFIG } from './child-task.ts';
import { EPOCH, openLogs, TOPIC } from './open-logs.ts';

const SEGMENTS = 10;
const PARALLEL_COPIES = 16;

/**
 * Fills a log directory with logs of ten segments: the first one is written by the log itself and closed cleanly, the
 * others are copies of its files. Those that are there already stay.
 */
export const makeLogs = async (dir: string, partitions: number): Promise<void> => {
  const manager = await openLogs(dir, { config: LOGS_CONFIG });
  const first = { topic: TOPIC, partition: 0 };
  const log = manager.get(first) ?? (await manager.create(first));
  for (let batch = 0; log.parts.segments.all.length < SEGMENTS; batch++) {
    await log.appendAsLeader(batchOf(1024, Date.now() + batch), EPOCH).acknowledged;
  }
  await manager.close();
  const names = readdirSync(log.dir);
  const there = new Set(readdirSync(dir));
  const missing = Array.from({ length: partitions }, (_, partition) => `${TOPIC}-${partition}`)
    .filter((name) => !there.has(name))
    .values();
  const copier = async (): Promise<void> => {
    for (const partition of missing) {
      await mkdir(join(dir, partition));
      for (const name of names) await copyFile(join(log.dir, name), join(dir, partition, name));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_COPIES }, copier));
};
