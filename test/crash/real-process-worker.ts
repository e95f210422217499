/**
 * The process that is killed: opens the logs in a directory and appends to them until it dies. Every batch that is
 * acknowledged it writes to its output, which is a pipe and so takes the line at once.
 *
 *   node real-process-worker.ts <directory> <flush mode> <seed>
 */
import { writeSync } from 'node:fs';
import { leaderEpoch, type Random } from '@barnabas/model';
import { buildBatch, CODECS, crcOf } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';
import { chance, pick, seededRandom } from '@barnabas/testkit';
import { type FlushMode, formatAcknowledged, openRealLogs, PARTITIONS } from './real-logs.ts';

const [, , dir = '', flushMode, seed] = process.argv;
const STDOUT = 1;

const randomBatch = (random: Random): Buffer =>
  buildBatch({
    codec: pick(random, ['none', 'none', ...CODECS]),
    records: Array.from({ length: 1 + random.below(3) }, () => ({
      timestamp: 1_700_000_000_000 + random.below(10_000),
      key: null,
      value: Buffer.from(random.bytes(random.below(pick(random, [10, 100, 3000])))),
    })),
  });

const append = async (log: Log, random: Random): Promise<void> => {
  const bytes = randomBatch(random);
  const crc = crcOf(bytes);
  const { firstOffset, lastOffset, acknowledged } = log.appendAsLeader(bytes, leaderEpoch(1));
  await acknowledged;
  writeSync(STDOUT, formatAcknowledged({ log: log.name, base: firstOffset, next: lastOffset + 1, crc }));
};

/** So many appends under way per partition, each followed by the next. */
const appendForEver = async (log: Log, random: Random): Promise<never> => {
  for (;;) {
    await append(log, random);
    if (chance(random, 0.05)) await log.flush();
  }
};

const random = seededRandom(Number(seed));
const manager = await openRealLogs(dir, flushMode as FlushMode);
const logs = await Promise.all(PARTITIONS.map((partition) => manager.get(partition) ?? manager.create(partition)));
const writers = logs.flatMap((log) => Array.from({ length: 1 + random.below(8) }, () => appendForEver(log, random)));
const checkpoints = (async () => {
  for (;;) {
    await append(pick(random, logs), random);
    if (chance(random, 0.1)) await manager.checkpoint();
  }
})();
await Promise.all([...writers, checkpoints]);
