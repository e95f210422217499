/**
 * Recovery after a kill: a segment of which nothing was flushed is read whole, each batch checked and indexed anew. The
 * limits: pread of the same file in blocks of 1 MiB, and that with the checksum of each block.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '@barnabas/protocol';
import { alternate, ratios } from '../support/rounds.ts';
import { percent, printTable, size, spread } from '../support/table.ts';
import { batchOf } from './batches.ts';
import { runChild } from './child-task.ts';
import { EPOCH, openLogs, TOPIC } from './open-logs.ts';
import { RawFile } from './raw-file.ts';
import type { Scale } from './scale.ts';

const BLOCK_BYTES = 1024 * 1024;

export const measureRecovery = async (dir: string, scale: Scale): Promise<void> => {
  const rows: string[][] = [];
  for (const batchBytes of [1024, 64 * 1024]) rows.push(await recover(dir, scale, batchBytes));
  const columns = ['batch', 'segment', 'recovery MB/s', 'pread and checksum MB/s', 'ratio', 'pread MB/s'];
  printTable('Recovery of an unflushed segment', columns, rows);
};

const recover = async (dir: string, scale: Scale, batchBytes: number): Promise<string[]> => {
  const into = join(dir, 'recovery');
  const manager = await openLogs(into, { config: { segmentBytes: 0x7fff_ffff } });
  const log = await manager.create({ topic: TOPIC, partition: 0 });
  const batch = batchOf(batchBytes, Date.now());
  while (log.sizeBytes < scale.recoveryBytes) {
    const { acknowledged } = log.appendAsLeader(Buffer.from(batch), EPOCH);
    if (log.endOffset % 1000 === 0) await acknowledged;
  }
  const path = log.parts.segments.active.logPath;
  await manager.close();
  // A directory without its marker is one that was killed; the kill makes the next run find it so again.
  const killed = { dir: into, flush: 'os', append: false, memory: false, end: 'kill' } as const;
  await runChild(killed);
  const rounds = Math.min(3, scale.rounds);
  const { size: bytes } = statSync(path);
  const mbPerS = (ms: number): number => bytes / ms / 1000;
  const results = await alternate(
    {
      recovery: async () => mbPerS((await runChild(killed)).openedMs),
      checked: async () => mbPerS(await readBlocks(path, bytes, (block) => void crc32c(block))),
      raw: async () => mbPerS(await readBlocks(path, bytes, () => {})),
    },
    rounds,
    rounds,
  );
  rmSync(into, { recursive: true });
  const { recovery, checked, raw } = results;
  return [
    size(batchBytes),
    size(Math.round(bytes / BLOCK_BYTES) * BLOCK_BYTES),
    spread(recovery),
    spread(checked),
    spread(ratios(recovery, checked), percent),
    spread(raw),
  ];
};

const readBlocks = async (path: string, bytes: number, act: (block: Buffer) => void): Promise<number> => {
  const file = new RawFile(path, 'read');
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  const startMs = performance.now();
  for (let position = 0; position < bytes; ) {
    const read = await file.read(block, position);
    act(block.subarray(0, read));
    position += read;
  }
  const ms = performance.now() - startMs;
  file.close();
  return ms;
};
