import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const GOLDEN = join(import.meta.dirname, '../../../../test/golden');

/** A file of the golden data, as text. */
export const readGolden = (path: string): string => readFileSync(join(GOLDEN, path), 'utf8');

export type ExpectedRecord = {
  readonly offset: number;
  readonly timestamp: number;
  readonly sequence?: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers?: readonly (readonly [string, string | null])[];
  readonly control?: string;
  readonly coordinatorEpoch?: number;
};

export type ExpectedBatch = Readonly<Record<string, unknown>> & {
  readonly codec: string;
  readonly control: boolean;
  readonly count: number;
  readonly timestampType: string;
  readonly maxTimestamp: number;
  readonly deleteHorizonMs?: number;
  readonly invalid?: string;
  readonly records?: readonly ExpectedRecord[];
};

/** A batch as it lies in a segment, with what Kafka read from it. */
export type GoldenBatch = {
  readonly place: string;
  readonly segment: Buffer;
  readonly at: number;
  readonly expected: ExpectedBatch;
};

type Partition = {
  readonly dir: string;
  readonly segments?: readonly { readonly file: string; readonly size: number; readonly batchPositions: number[] }[];
  readonly batchesFile?: string | null;
};

const batchesOf = ({ dir, segments = [], batchesFile }: Partition): GoldenBatch[] => {
  if (batchesFile === undefined || batchesFile === null) return [];
  const lines = readFileSync(join(GOLDEN, batchesFile), 'utf8').split('\n');
  const expected = lines.filter((line) => line !== '').map((line): ExpectedBatch => JSON.parse(line));
  const found = segments.flatMap(({ file, batchPositions }) => {
    const segment = readFileSync(join(GOLDEN, dir, file));
    return batchPositions.map((at) => ({ place: `${dir}/${file}@${at}`, segment, at }));
  });
  if (found.length !== expected.length) throw new Error(`${dir}: ${found.length} batches, ${expected.length} expected`);
  return found.map((batch, i) => ({ ...batch, expected: expected[i] as ExpectedBatch }));
};

/** Every batch of the golden log directories. */
export const goldenBatches = (): GoldenBatch[] => {
  const paths = readdirSync(join(GOLDEN, 'expected'), { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => /-\d+\.json$/.test(path))
    .sort()
    .flatMap((path) => batchesOf(JSON.parse(readGolden(`expected/${path}`))));
};
