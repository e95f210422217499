import { ZERO_UUID } from '@barnabas/protocol';
import type { PeerRequest } from '../../src/index.ts';

/** A follower's fetch of one partition. */
export const fetchRequest = (topic: string): PeerRequest<'Fetch'> => ({
  replicaId: 2,
  replicaState: {},
  maxWaitMs: 500,
  minBytes: 1,
  topics: [
    {
      topic,
      topicId: ZERO_UUID,
      partitions: [{ partition: 1, fetchOffset: 3n, partitionMaxBytes: 1_000_000, replicaDirectoryId: ZERO_UUID }],
    },
  ],
});

/** The answer to it. */
export const fetchResponse = (topic: string, sessionId: number, records: Buffer) => ({
  throttleTimeMs: 0,
  errorCode: 0,
  sessionId,
  responses: [
    {
      topic,
      topicId: ZERO_UUID,
      partitions: [
        {
          partitionIndex: 1,
          errorCode: 0,
          highWatermark: 9n,
          divergingEpoch: {},
          currentLeader: {},
          snapshotId: {},
          abortedTransactions: null,
          records,
        },
      ],
    },
  ],
  nodeEndpoints: [],
});
