import { type BrokerId, type ErrorName, errorByCode, KafkaError, type Offset } from '@barnabas/model';
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '@barnabas/storage';
import type { Peers } from '../../peers/peers.ts';
import { offsetFromWire } from '../../wire/wire-numbers.ts';
import type { FetchedReplica } from './fetched-replica.ts';
import { LeaderRefusedError } from './leader-refused-error.ts';

const LIST_OFFSETS_VERSION = 9;
const READ_UNCOMMITTED = 0;

/** Where the log of a leader begins and ends. */
export type LeaderEnds = { readonly startOffset: Offset; readonly endOffset: Offset };

type Found = ReadonlyMap<string, Offset | ErrorName>;

export type LeaderEndsOptions = {
  readonly peers: Peers;
  readonly brokerId: BrokerId;
  readonly requestTimeoutMs: number;
};

/**
 * Asks a leader for the ends of its logs, as a follower, which sees them up to the log end; two requests, however many
 * partitions there are.
 *
 * @returns the ends of one replica; throws LeaderRefusedError where the leader has an error for it
 * @throws PeerError
 */
export const findLeaderEnds = async (
  { peers, brokerId, requestTimeoutMs }: LeaderEndsOptions,
  leader: BrokerId,
  replicas: readonly FetchedReplica[],
): Promise<(replica: FetchedReplica) => LeaderEnds> => {
  const ask = async (timestamp: number): Promise<Found> => {
    const request = { replicaId: brokerId, isolationLevel: READ_UNCOMMITTED, topics: topicsOf(replicas, timestamp) };
    const options = { deadlineMs: requestTimeoutMs };
    const response = await peers.send(leader, 'ListOffsets', LIST_OFFSETS_VERSION, request, options);
    return foundIn(response.topics);
  };
  const [starts, ends] = await Promise.all([ask(EARLIEST_TIMESTAMP), ask(LATEST_TIMESTAMP)]);
  return ({ name }) => ({ startOffset: offsetOf(starts, name), endOffset: offsetOf(ends, name) });
};

type TopicResult = {
  readonly name: string;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly errorCode: number;
    readonly offset: bigint;
  }[];
};

const foundIn = (topics: readonly TopicResult[]): Found =>
  new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, offset }) => [
        `${name}-${partitionIndex}`,
        errorCode === 0 ? (offsetFromWire(offset) ?? 'UNKNOWN_SERVER_ERROR') : errorByCode(errorCode).name,
      ]),
    ),
  );

const offsetOf = (found: Found, name: string): Offset => {
  const value = found.get(name);
  if (value === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR', `the leader's answer lacks ${name}`);
  if (typeof value === 'string') throw new LeaderRefusedError(value);
  return value;
};

const topicsOf = (replicas: readonly FetchedReplica[], timestamp: number) => {
  const topics = new Map<string, { name: string; partitions: ReturnType<typeof partitionOf>[] }>();
  for (const replica of replicas) {
    const { topic } = replica.partition.topicPartition;
    const entry = topics.get(topic) ?? { name: topic, partitions: [] };
    entry.partitions.push(partitionOf(replica, timestamp));
    topics.set(topic, entry);
  }
  return [...topics.values()];
};

const partitionOf = ({ partition, leaderEpoch }: FetchedReplica, timestamp: number) => ({
  partitionIndex: partition.topicPartition.partition,
  currentLeaderEpoch: leaderEpoch,
  timestamp: BigInt(timestamp),
});
