import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '@barnabas/storage';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import { errorIn, leaderNow } from '../asking/ask-leader.ts';
import type { Patience } from '../asking/patience.ts';
import { againIfRetriable, readOnly } from '../asking/read-only.ts';
import { type Attempt, done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';
import { type Isolation, isolationLevel } from './fetch-message.ts';

/** Where a read begins. */
export type Start =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  /** At the first record that is not older; at the end where all are. */
  | { readonly kind: 'timestamp'; readonly timestampMs: number }
  /** As many offsets before the end. */
  | { readonly kind: 'tail'; readonly count: number };

export type ReadPlace = { readonly topic: ClusterTopic; readonly partition: number; readonly isolation: Isolation };

export const LIST_OFFSETS_VERSION = 9;
export const CONSUMER = -1;
export const NO_OFFSET = -1;

/** The offset that `start` stands for now, as the leader says. @throws KafkaError */
export async function offsetFor(door: Door, place: ReadPlace, start: Start, patience: Patience): Promise<number> {
  const at = (timestamp: number) => listOffset(door, place, timestamp, patience);
  switch (start.kind) {
    case 'offset':
      return start.offset;
    case 'earliest':
      return await at(EARLIEST_TIMESTAMP);
    case 'latest':
      return await at(LATEST_TIMESTAMP);
    case 'timestamp': {
      const found = await at(start.timestampMs);
      return found === NO_OFFSET ? await at(LATEST_TIMESTAMP) : found;
    }
    case 'tail':
      return Math.max((await at(LATEST_TIMESTAMP)) - start.count, await at(EARLIEST_TIMESTAMP));
  }
}

const listOffset = (
  door: Door,
  { topic: meant, partition, isolation }: ReadPlace,
  timestamp: number,
  patience: Patience,
): Promise<number> =>
  untilDone(door, patience, (deadlineMs) =>
    readOnly(async (): Promise<Attempt<number>> => {
      const led = leaderNow(door, meant, partition);
      if ('kind' in led) return led;
      const request = {
        replicaId: CONSUMER,
        isolationLevel: isolationLevel(isolation),
        topics: [{ name: meant.name, partitions: [{ partitionIndex: partition, timestamp: BigInt(timestamp) }] }],
      };
      const options = { deadlineMs, signal: patience.signal };
      const answer = await door.requests.ask(led.leader, 'ListOffsets', LIST_OFFSETS_VERSION, request, options);
      const found = answer.topics[0]?.partitions[0];
      const error = errorIn(found?.errorCode ?? -1);
      if (error !== undefined) return againIfRetriable(error);
      return done(Number(found?.offset ?? NO_OFFSET));
    }),
  );
