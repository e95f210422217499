import { KafkaError } from '@barnabas/model';
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '@barnabas/storage';
import { errorIn } from '../asking/ask-leader.ts';
import type { Door } from '../door/door.ts';
import { isolationLevel } from '../read/fetch-message.ts';
import { CONSUMER, LIST_OFFSETS_VERSION, NO_OFFSET, type Start } from '../read/offset-for.ts';
import type { LeaderPlace } from './leader-place.ts';

export type Unplaced = { readonly partition: number; readonly start: Start };
type Found = ReadonlyMap<number, number | KafkaError>;

/**
 * The offsets at which partitions of one leader begin. An end is asked for before anything else is: what is appended in
 * between lies behind it, and is read.
 */
export async function listStarts(door: Door, place: LeaderPlace, unplaced: readonly Unplaced[]): Promise<Found> {
  const first = await listOffsets(door, place, unplaced, ({ kind }) =>
    kind === 'earliest' ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP,
  );
  const finer = unplaced.filter(({ start: { kind } }) => kind === 'timestamp' || kind === 'tail');
  const second = await listOffsets(door, place, finer, (start) =>
    start.kind === 'timestamp' ? start.timestampMs : EARLIEST_TIMESTAMP,
  );
  return new Map(
    unplaced.map(({ partition, start }) => [
      partition,
      startOf(start, first.get(partition) ?? unanswered(), second.get(partition)),
    ]),
  );
}

const startOf = (
  start: Start,
  first: number | KafkaError,
  second: number | KafkaError | undefined,
): number | KafkaError => {
  if (start.kind === 'offset') return start.offset;
  if (first instanceof KafkaError || second === undefined) return first;
  if (second instanceof KafkaError) return second;
  if (start.kind === 'tail') return Math.max(first - start.count, second);
  return second === NO_OFFSET ? first : second;
};

const unanswered = () => new KafkaError('UNKNOWN_SERVER_ERROR', 'the leader left a partition out of its answer');

async function listOffsets(
  door: Door,
  { topic, leader, isolation, signal }: LeaderPlace,
  unplaced: readonly Unplaced[],
  timestampOf: (start: Start) => number,
): Promise<Found> {
  if (unplaced.length === 0) return new Map();
  const partitions = unplaced.map(({ partition, start }) => ({
    partitionIndex: partition,
    timestamp: BigInt(timestampOf(start)),
  }));
  const topics = [{ name: topic.name, partitions }];
  const request = { replicaId: CONSUMER, isolationLevel: isolationLevel(isolation), topics };
  const options = { deadlineMs: door.limits.requestTimeoutMs, signal };
  const answer = await door.requests.ask(leader, 'ListOffsets', LIST_OFFSETS_VERSION, request, options);
  const found = answer.topics[0]?.partitions ?? [];
  return new Map(
    found.map(({ partitionIndex, errorCode, offset }) => [partitionIndex, errorIn(errorCode) ?? Number(offset)]),
  );
}
