import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerId, type ErrorName, KafkaError } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { assignReplicas } from '../../src/placement/assign-replicas.ts';
import { rackAlternatedBrokers } from '../../src/placement/rack-alternated-brokers.ts';

type Case = {
  readonly brokers: readonly { readonly id: number; readonly rack: string | null }[];
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly fixedStartIndex: number;
  readonly startPartitionId: number;
  readonly assignment?: Readonly<Record<string, readonly number[]>>;
  readonly error?: keyof typeof ERROR_NAMES;
};

type Golden = {
  readonly assignments: readonly Case[];
  readonly rackAlternatedBrokerLists: readonly {
    readonly brokerRacks: Readonly<Record<string, string>>;
    readonly alternated: readonly number[];
  }[];
};

/** By the class that Kafka throws. */
const ERROR_NAMES = {
  AdminOperationException: 'UNKNOWN_SERVER_ERROR',
  InvalidPartitionsException: 'INVALID_PARTITIONS',
  InvalidReplicationFactorException: 'INVALID_REPLICATION_FACTOR',
} as const satisfies Record<string, ErrorName>;

const FILE = join(import.meta.dirname, '../../../../test/golden/placement.json');
const { assignments, rackAlternatedBrokerLists } = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;

function outcomeOf(golden: Case): unknown {
  const brokers = golden.brokers.map(({ id, rack }) => ({ id: brokerId(id), rack: rack ?? undefined }));
  const { fixedStartIndex: startIndex, startPartitionId } = golden;
  const start = { startIndex, shift: startIndex, startPartitionId };
  try {
    return Object.fromEntries(assignReplicas(brokers, golden.partitions, golden.replicationFactor, start));
  } catch (error) {
    return error instanceof KafkaError ? error.error : error;
  }
}

describe('placement as Kafka does it', () => {
  it('has cases of each kind', () => {
    const placed = assignments.filter(({ assignment }) => assignment !== undefined);
    expect(placed.length).toBeGreaterThan(40);
    expect(placed.some(({ brokers }) => brokers[0]?.rack === null)).toBe(true);
    expect(placed.some(({ brokers }) => brokers[0]?.rack !== null)).toBe(true);
    expect(new Set(assignments.flatMap(({ error }) => error ?? []))).toEqual(new Set(Object.keys(ERROR_NAMES)));
    expect(rackAlternatedBrokerLists.length).toBeGreaterThan(0);
  });

  it.each(
    assignments.map((golden, index) => [index, golden] as const),
  )('gives what Kafka gave in case %i', (_, golden) => {
    const expected = golden.error === undefined ? golden.assignment : ERROR_NAMES[golden.error];
    expect(outcomeOf(golden)).toEqual(expected);
  });

  it('alternates racks as Kafka does', () => {
    for (const { brokerRacks, alternated } of rackAlternatedBrokerLists) {
      const brokers = Object.entries(brokerRacks).map(([id, rack]) => ({ id: brokerId(Number(id)), rack }));
      expect(rackAlternatedBrokers(brokers).map(({ id }) => id)).toEqual(alternated);
    }
  });
});
