import { offset, type Random } from '@barnabas/model';
import { batchBytesOf, batchesIn, checkBatch, nextOffsetOf } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';
import { pick } from '@barnabas/testkit';
import { CheckFailure, check } from './check-failure.ts';

/** All batches from the log start on, read as a follower would, each one checked. */
export const readAll = async (log: Log, random: Random): Promise<Buffer[]> => {
  const batches: Buffer[] = [];
  for (let from = log.startOffset; from < log.endOffset; ) {
    const maxBytes = pick(random, [1, 500, 10_000, 1_000_000]);
    const { bytes } = await log.read(from, { maxBytes, isolation: 'logEnd' });
    const before = from;
    for (const at of wholeBatchesIn(bytes, log.name, from)) {
      const batch = bytes.subarray(at, at + batchBytesOf(bytes, at));
      batches.push(batch);
      from = nextOffsetOf(batch);
    }
    check(from > before, () => `${log.name}: nothing can be read at ${from}, though the log ends at ${log.endOffset}`);
  }
  return batches;
};

/** The batch that is answered for one offset. */
export const readAt = async (log: Log, at: number): Promise<Buffer> => {
  const { bytes } = await log.read(offset(at), { maxBytes: 1, isolation: 'logEnd' });
  const [first] = wholeBatchesIn(bytes, log.name, at);
  check(first === 0, () => `${log.name}: no batch is read at ${at}`);
  return bytes.subarray(0, batchBytesOf(bytes));
};

const wholeBatchesIn = (bytes: Buffer, name: string, from: number): number[] => {
  try {
    const positions = [...batchesIn(bytes)];
    for (const at of positions) checkBatch(bytes, at);
    return positions;
  } catch (cause) {
    throw new CheckFailure(`${name}: what is read at ${from} is no sound batch: ${String(cause)}`, { cause });
  }
};
