import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LOG_CONFIG, type LogConfig, leaderEpoch, NO_LEADER_EPOCH, offset } from '@barnabas/model';
import {
  ATTRIBUTES_AT,
  attributesOf,
  baseOffsetOf,
  batchBytesOf,
  batchesIn,
  CRC_AT,
  crc32c,
  isControl,
  leaderEpochOf,
  maxTimestampOf,
  stampBatch,
  timestampTypeOf,
} from '@barnabas/protocol';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import {
  deleteBefore,
  LEADER_EPOCH_CHECKPOINT,
  type Log,
  LogManager,
  nodeFileSystem,
  truncateFullyAndStartAt,
} from '../../src/index.ts';
import { type Expected, GOLDEN, readJson } from './golden.ts';

/** In which role the log takes the batches of a golden partition. */
export type Role = 'leader' | 'follower';

type Topic = { readonly name: string; readonly configs: Readonly<Record<string, string>> };

const TOPICS = readJson<{ topics: Readonly<Record<string, Topic>> }>('cluster-description.json').topics;

/** `log.index.size.max.bytes` of the brokers. */
const INDEX_MAX_BYTES = 65_536;
const LOG_APPEND_TIME = 0x08;
const NO_EPOCHS = Buffer.from('0\n0\n');

const configOf = (topic: string): LogConfig => {
  const configs = Object.values(TOPICS).find(({ name }) => name === topic)?.configs ?? {};
  return {
    ...DEFAULT_LOG_CONFIG,
    segmentIndexBytes: INDEX_MAX_BYTES,
    segmentBytes: Number(configs['segment.bytes'] ?? DEFAULT_LOG_CONFIG.segmentBytes),
    indexIntervalBytes: Number(configs['index.interval.bytes'] ?? DEFAULT_LOG_CONFIG.indexIntervalBytes),
  };
};

/** The batches of a golden partition in the order in which they were appended, each in a buffer of its own. */
const goldenBatches = ({ dir, segments }: Expected): Buffer[] =>
  segments.flatMap(({ file }) => {
    const bytes = readFileSync(join(GOLDEN, dir, file));
    return Array.from(batchesIn(bytes), (at) => Buffer.from(bytes.subarray(at, at + batchBytesOf(bytes, at))));
  });

/** The batch as its producer may have sent it: without what a leader stamps on it. */
const asProduced = (batch: Buffer): Buffer => {
  stampBatch(batch, 0, offset(0), NO_LEADER_EPOCH);
  batch.writeInt16BE(attributesOf(batch) & ~LOG_APPEND_TIME, ATTRIBUTES_AT);
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT);
  return batch;
};

/** One log directory with one log that is being filled. */
class Replay {
  readonly #clock = new SimulatedClock();
  readonly #dir: string;
  readonly #expected: Expected;
  #manager: LogManager | undefined;

  constructor(dir: string, expected: Expected) {
    this.#dir = dir;
    this.#expected = expected;
  }

  async open(): Promise<Log> {
    const config = configOf(this.#expected.topic);
    this.#manager = await LogManager.open({
      dirs: [this.#dir],
      fs: nodeFileSystem,
      clock: this.#clock,
      scheduler: new SimulatedScheduler(this.#clock),
      random: seededRandom(1),
      flushMode: 'os',
      configOf: () => config,
    });
    return this.#manager.get(this.#expected) ?? this.#manager.create(this.#expected, this.#expected.topicId);
  }

  async close(): Promise<void> {
    await this.#manager?.close();
  }

  async append(log: Log, role: Role, batch: Buffer): Promise<void> {
    if (role === 'follower') return log.appendAsFollower(batch).acknowledged;
    const [epoch, base, timestampType] = [leaderEpochOf(batch), baseOffsetOf(batch), timestampTypeOf(batch)];
    this.#clock.jumpWallBy(maxTimestampOf(batch) - this.#clock.nowMs());
    log.config = { ...log.config, messageTimestampType: timestampType };
    const byCoordinator = isControl(batch) || this.#expected.topic.startsWith('__');
    const appended = log.appendAsLeader(asProduced(batch), epoch, byCoordinator ? 'coordinator' : 'client');
    if (appended.duplicate || appended.firstOffset !== base) throw new Error(`the batch of ${base} went elsewhere`);
    return appended.acknowledged;
  }
}

/** Epochs in which the replica was the leader begin where its log ends, with or without batches of their own. */
const beginEpochs = (log: Log, { leaderEpochs }: Expected): void => {
  for (const [epoch, start] of leaderEpochs) {
    if (start === log.endOffset && epoch > (log.latestEpoch ?? NO_LEADER_EPOCH)) {
      log.beginEpoch(leaderEpoch(epoch));
    }
  }
};

/**
 * Appends the batches of a golden partition to a log of our own in `dir`, and closes it. Where the first segments had
 * been removed the log begins at the first one that was left. A broker that was restarted with the log at an end offset
 * of `restartsAt` closes and opens it there.
 */
export const replay = async (dir: string, expected: Expected, role: Role, restartsAt?: number): Promise<void> => {
  const replay = new Replay(dir, expected);
  let log = await replay.open();
  const start = Number(expected.segments[0]?.file.slice(0, 20) ?? 0);
  if (start > 0) await truncateFullyAndStartAt(log, offset(start));
  for (const batch of goldenBatches(expected)) {
    if (log.endOffset === restartsAt) {
      await replay.close();
      log = await replay.open();
    }
    beginEpochs(log, expected);
    await replay.append(log, role, batch);
  }
  await deleteBefore(log, offset(expected.log?.logStartOffset ?? start));
  beginEpochs(log, expected);
  await replay.close();
};

/**
 * The files of a directory with their bytes. Those that are to be removed count as gone, and so does an epoch checkpoint
 * without entries: Kafka writes one when it opens a log that knows no epoch, and we write none.
 */
export const filesOf = (dir: string): Map<string, Buffer> =>
  new Map(
    readdirSync(dir)
      .filter((name) => !name.endsWith('.deleted'))
      .map((name) => [name, readFileSync(join(dir, name))] as const)
      .filter(([name, bytes]) => name !== LEADER_EPOCH_CHECKPOINT || !bytes.equals(NO_EPOCHS)),
  );
