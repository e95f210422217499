import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LOG_CONFIG, type LogConfig, type Offset } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { LogManager, nodeFileSystem } from '../../src/index.ts';

/** The data that Apache Kafka 3.9.1 wrote. */
export const GOLDEN = fileURLToPath(new URL('../../../../test/golden', import.meta.url));

export const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(GOLDEN, path), 'utf8')) as T;

/** A copy of a golden folder that a test may write to. */
export const copyOf = (folder: string): string => {
  const to = mkdtempSync(join(tmpdir(), 'barnabas-golden-'));
  cpSync(join(GOLDEN, folder), to, { recursive: true });
  return to;
};

/** Opens log directories at a given time, with nothing that expires by itself. */
export const openLogs = (
  dirs: readonly string[],
  nowMs: number,
  config: Partial<LogConfig> = {},
): Promise<LogManager> => {
  const clock = new SimulatedClock(nowMs);
  return LogManager.open({
    dirs,
    fs: nodeFileSystem,
    clock,
    scheduler: new SimulatedScheduler(clock),
    random: seededRandom(1),
    flushMode: 'group',
    configOf: () => ({ ...DEFAULT_LOG_CONFIG, retentionMs: Number.POSITIVE_INFINITY, ...config }),
  });
};

export type ExpectedProducer = {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnFirstOffset: number;
};

/** What Kafka read from one partition's directory; see test/golden/README.md. */
export type Expected = {
  readonly dir: string;
  readonly topic: string;
  readonly partition: number;
  readonly checkpoints: { readonly highWatermark: Offset | null; readonly recoveryPoint: Offset | null };
  readonly segments: readonly { file: string; size: number; batchPositions: readonly number[] }[];
  readonly leaderEpochs: readonly (readonly [number, number])[];
  readonly topicId: string;
  readonly offsetIndexes: readonly { file: string; entries: readonly (readonly [number, number])[] }[];
  readonly timeIndexes: readonly { file: string; entries: readonly (readonly [number, number])[] }[];
  readonly txnIndexes?: readonly { file: string; entries: readonly object[] }[];
  readonly log?: {
    readonly logStartOffset: number;
    readonly logEndOffset: number;
    readonly highWatermark: Offset;
    readonly lastStableOffset: number;
    readonly numberOfSegments: number;
    readonly openedAtMs: number;
    readonly activeProducers: readonly ExpectedProducer[];
  };
  readonly offsetForTimestamp?: readonly {
    query: number;
    timestamp?: number;
    offset: number | null;
    leaderEpoch?: number | null;
  }[];
  readonly endOffsetForEpoch?: readonly { query: number; leaderEpoch?: number; endOffset: number | null }[];
  readonly reads?: readonly {
    offset: Offset;
    maxBytes: number;
    segmentBaseOffset: number;
    position: number;
    bytes: number;
    committedBytes?: number;
    committedAborted?: readonly (readonly [producerId: number, firstOffset: number])[];
  }[];
};
