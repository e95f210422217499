import { KafkaError } from '@barnabas/model';
import { errorIn } from '../asking/ask-leader.ts';
import type { FetchTurns } from '../asking/fetch-turns.ts';
import type { Door } from '../door/door.ts';
import {
  errorOfFetch,
  FETCH_SLACK_BYTES,
  type Fetched,
  type FetchedPartition,
  fetchRequest,
  fetchVersion,
  GRACE_MS,
  recordsFetched,
} from '../read/fetch-message.ts';
import type { RecordLimits } from '../read/fetched-records.ts';
import type { LeaderPlace } from './leader-place.ts';
import { listStarts, type Unplaced } from './list-starts.ts';

/** What a visit brings of one partition. `from` is where it was read from. */
export type Visited =
  | ({ readonly kind: 'read'; readonly from: number } & Fetched)
  | { readonly kind: 'failed'; readonly error: KafkaError };

export type VisitOptions = {
  /** Of all that the visit brings. */
  readonly limits: RecordLimits;
  /** How long the leader may wait for a first record. */
  readonly waitMs: number;
};

type Placed = { readonly partition: number; readonly from: number };

/**
 * One round at a leader: finds where partitions begin that are not there yet, and fetches all of them at once. What there is
 * room for is shared out evenly; partitions that are left out of it, or of which some is, are the next round's.
 *
 * @param turns may let it wait for its turn
 * @throws PeerError where the leader does not answer
 */
export async function visitLeader(
  door: Door,
  turns: FetchTurns,
  place: LeaderPlace,
  asked: readonly Unplaced[],
  options: VisitOptions,
): Promise<ReadonlyMap<number, Visited>> {
  const visited = new Map<number, Visited>();
  const toFind = asked.filter(({ start }) => start.kind !== 'offset');
  const found = toFind.length === 0 ? undefined : await listStarts(door, place, toFind);
  const placed = asked.flatMap(({ partition, start }): Placed[] => {
    const from = start.kind === 'offset' ? start.offset : found?.get(partition);
    if (typeof from === 'number') return [{ partition, from }];
    visited.set(partition, { kind: 'failed', error: from ?? unanswered() });
    return [];
  });
  if (placed.length === 0) return visited;
  // What begins only now is known to be at its beginning: that is told at once.
  const waitMs = found === undefined ? options.waitMs : 0;
  const answers = await turns.run(place.leader, waitMs, place.signal, (turnMs) =>
    fetchAll(door, place, placed, options.limits, turnMs),
  );
  for (const [partition, each] of decodedFairly(answers, place, placed, options.limits)) visited.set(partition, each);
  return visited;
}

const unanswered = () => new KafkaError('UNKNOWN_SERVER_ERROR', 'the leader left a partition out of its answer');

async function fetchAll(
  door: Door,
  { topic, leader, isolation, signal }: LeaderPlace,
  placed: readonly Placed[],
  limits: RecordLimits,
  waitMs: number,
): Promise<ReadonlyMap<number, FetchedPartition | KafkaError>> {
  const share = Math.ceil(limits.bytes / placed.length) + FETCH_SLACK_BYTES;
  const partitions = placed.map((each) => ({ ...each, maxBytes: share }));
  const maxBytes = limits.bytes + FETCH_SLACK_BYTES;
  const request = fetchRequest({ topic, isolation, partitions, maxBytes, waitMs });
  const options = { deadlineMs: waitMs + GRACE_MS, signal };
  const { errorCode, responses } = await door.requests.ask(leader, 'Fetch', fetchVersion(topic), request, options);
  const error = errorIn(errorCode);
  if (error !== undefined) return new Map(placed.map(({ partition }) => [partition, error]));
  return new Map((responses[0]?.partitions ?? []).map((answer) => [answer.partitionIndex, answer]));
}

/** In the order in which they were asked for; the first record comes whatever its size. */
function decodedFairly(
  answers: ReadonlyMap<number, FetchedPartition | KafkaError>,
  { isolation }: LeaderPlace,
  placed: readonly Placed[],
  limits: RecordLimits,
): Map<number, Visited> {
  const visited = new Map<number, Visited>();
  let sharers = Array.from(answers.values()).filter(hasRecords).length;
  let { bytes, records } = limits;
  for (const { partition, from } of placed) {
    const answer = answers.get(partition) ?? unanswered();
    const error = answer instanceof KafkaError ? answer : errorOfFetch(answer, from);
    if (answer instanceof KafkaError || error !== undefined) {
      visited.set(partition, { kind: 'failed', error: error ?? unanswered() });
      continue;
    }
    const isLeftOut = hasRecords(answer) && (bytes <= 0 || records <= 0);
    if (isLeftOut) continue;
    const share = {
      ...limits,
      bytes: Math.ceil(bytes / Math.max(1, sharers)),
      records: Math.ceil(records / Math.max(1, sharers)),
    };
    const read = decoded(answer, from, share, isolation);
    visited.set(partition, read);
    if (hasRecords(answer)) sharers -= 1;
    if (read.kind === 'read') {
      bytes -= read.sizeBytes;
      records -= read.records.length;
    }
  }
  return visited;
}

const hasRecords = (answer: FetchedPartition | KafkaError): boolean =>
  !(answer instanceof KafkaError) && (answer.records?.length ?? 0) > 0;

const decoded = (
  answer: FetchedPartition,
  from: number,
  limits: RecordLimits,
  isolation: LeaderPlace['isolation'],
): Visited => {
  try {
    return { kind: 'read', from, ...recordsFetched(answer, from, limits, isolation) };
  } catch (thrown) {
    if (thrown instanceof KafkaError) return { kind: 'failed', error: thrown };
    throw thrown;
  }
};
