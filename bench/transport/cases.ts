import { ZERO_UUID } from '@barnabas/protocol';
import type { PeerClient } from '@barnabas/transport';

/** Something to ask for, as bytes for the two bare ways and as a message for the peer port. */
export type Case = {
  readonly name: 'small' | '64 KiB' | '1 MiB';
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly inFlight: number;
  readonly ask: (client: PeerClient) => Promise<unknown>;
};

const DEADLINE = { deadlineMs: 30_000 };
const assignment = Buffer.alloc(1000, 1);

/** 1 KB up, a few bytes down. */
const askSmall = (client: PeerClient): Promise<unknown> => {
  const assignments = [{ memberId: 'm', assignment }];
  return client.send('SyncGroup', 3, { groupId: 'g', generationId: 1, memberId: 'm', assignments }, DEADLINE);
};

/** A follower's fetch of one partition; how much it gets goes by `maxBytes`. */
const askFetch =
  (maxBytes: number) =>
  (client: PeerClient): Promise<unknown> => {
    const partitions = [{ partition: 0, fetchOffset: 1n, partitionMaxBytes: maxBytes, replicaDirectoryId: ZERO_UUID }];
    const topics = [{ topic: 't', topicId: ZERO_UUID, partitions }];
    return client.send(
      'Fetch',
      12,
      { replicaId: 1, replicaState: {}, maxWaitMs: 500, minBytes: 1, maxBytes, topics },
      DEADLINE,
    );
  };

export const CASES: readonly Case[] = [
  { name: 'small', requestBytes: 1024, replyBytes: 8, inFlight: 32, ask: askSmall },
  { name: '64 KiB', requestBytes: 64, replyBytes: 65_536, inFlight: 16, ask: askFetch(65_536) },
  { name: '1 MiB', requestBytes: 64, replyBytes: 1_048_576, inFlight: 4, ask: askFetch(1_048_576) },
];
