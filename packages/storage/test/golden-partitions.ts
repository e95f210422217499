import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GOLDEN = join(dirname(fileURLToPath(import.meta.url)), '../../../test/golden');

/** Milliseconds, offsets and ids of these are all within 2^53. */
export type GoldenProducer = {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastOffset: number;
  readonly offsetDelta: number;
  readonly timestamp: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnFirstOffset: number;
};

export type GoldenAborted = {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly lastStableOffset: number;
};

/** What Apache Kafka says of a partition's directory; see the README of test/golden. */
export type GoldenPartition = {
  readonly dir: string;
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly batchesFile: string | null;
  readonly checkpoints: Readonly<
    Record<'logStartOffset' | 'recoveryPoint' | 'highWatermark' | 'firstDirtyOffset', number | null>
  >;
  readonly leaderEpochs: readonly (readonly [epoch: number, startOffset: number])[];
  readonly segments: readonly { readonly file: string }[];
  readonly offsetIndexes: readonly {
    readonly file: string;
    readonly entries: readonly (readonly [offset: number, position: number])[];
  }[];
  readonly snapshots: readonly { readonly file: string; readonly entries: readonly GoldenProducer[] }[];
  readonly txnIndexes: readonly { readonly file: string; readonly entries: readonly GoldenAborted[] }[];
  readonly log?: { readonly logStartOffset: number; readonly logEndOffset: number };
  readonly endOffsetForEpoch?: readonly {
    readonly query: number;
    readonly leaderEpoch?: number;
    readonly endOffset: number | null;
  }[];
  readonly reads?: readonly {
    readonly offset: number;
    readonly segmentBaseOffset: number;
    readonly position: number;
    readonly committedBytes?: number;
    readonly committedAborted?: readonly (readonly [producerId: number, firstOffset: number])[];
  }[];
};

export type GoldenBatch = {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly records: readonly {
    readonly timestamp: number;
    readonly control?: 'ABORT' | 'COMMIT';
    readonly coordinatorEpoch?: number;
  }[];
};

/** @param path within the golden data, as the paths in the expectations are */
export const goldenFile = (path: string): Buffer => readFileSync(join(GOLDEN, path));

/** @returns the paths within the golden data, sorted */
export const goldenFiles = (pattern: string): string[] => globSync(pattern, { cwd: GOLDEN }).sort();

export const goldenPartitions = (under = '**'): GoldenPartition[] =>
  goldenFiles(`expected/${under}/*-[0-9]*.json`).map((path) => ({
    snapshots: [],
    txnIndexes: [],
    offsetIndexes: [],
    ...JSON.parse(goldenFile(path).toString()),
  }));

export const goldenBatches = ({ batchesFile }: GoldenPartition): GoldenBatch[] =>
  (batchesFile === null ? '' : goldenFile(batchesFile).toString())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
