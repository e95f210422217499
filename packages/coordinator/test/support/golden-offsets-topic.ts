import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KeyAndValue } from '@barnabas/protocol';

const EXPECTED = fileURLToPath(new URL('../../../../test/golden/expected', import.meta.url));
const LOG_DIRS = ['cluster/broker-1/data-a', 'cluster/broker-1/data-b'];
const PARTITIONS = [0, 1, 2, 3, 4];
const COMMIT_MARKER = 'COMMIT';

type Batch = {
  readonly transactional: boolean;
  readonly control: boolean;
  readonly producerId: number;
  readonly records: readonly { readonly key: string; readonly value: string | null; readonly control?: string }[];
};

const linesOf = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const batchesOf = (partition: number): Batch[] => {
  for (const dir of LOG_DIRS) {
    try {
      return linesOf<Batch>(`${EXPECTED}/${dir}/__consumer_offsets-${partition}.batches.ndjson`);
    } catch {
      // It is in the other one.
    }
  }
  throw new Error(`no log directory has __consumer_offsets-${partition}`);
};

/** Every record of Kafka's `__consumer_offsets` that counts: those of a transaction where it was committed. */
export const goldenLogOf = (partition: number): KeyAndValue[] => {
  const open = new Map<number, KeyAndValue[]>();
  const log: KeyAndValue[] = [];
  for (const batch of batchesOf(partition)) {
    if (batch.control) {
      const isCommit = batch.records[0]?.control === COMMIT_MARKER;
      log.push(...(isCommit ? (open.get(batch.producerId) ?? []) : []));
      open.delete(batch.producerId);
      continue;
    }
    const records = batch.records.map(({ key, value }) => ({
      key: Buffer.from(key, 'base64'),
      value: value === null ? null : Buffer.from(value, 'base64'),
    }));
    if (batch.transactional) open.set(batch.producerId, [...(open.get(batch.producerId) ?? []), ...records]);
    else log.push(...records);
  }
  return log;
};

export const goldenLogs = (): { readonly partition: number; readonly log: KeyAndValue[] }[] =>
  PARTITIONS.map((partition) => ({ partition, log: goldenLogOf(partition) }));

export type GoldenGroup = {
  readonly state: string;
  readonly assignor: string;
  readonly offsetsPartition: number;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly clientId: string;
    readonly host: string;
    readonly assignment: string;
  }[];
  readonly offsets: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly leaderEpoch: number | null;
    readonly metadata: string;
  }[];
};

/** What Kafka's brokers answered about their groups. */
export const goldenGroups = (): [string, GoldenGroup][] => {
  const answers = JSON.parse(readFileSync(`${EXPECTED}/broker-answers.json`, 'utf8')) as {
    readonly groups: Readonly<Record<string, GoldenGroup>>;
  };
  return Object.entries(answers.groups);
};
