import { ERRORS, leaderEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { offsetForLeaderEpochHandler } from '../../../src/requests/fetch/offset-for-leader-epoch-handler.ts';
import { ask } from '../../support/ask.ts';
import { MemoryReplicas } from '../../support/fetching/memory-replicas.ts';
import { recordingLog } from '../../support/recording-log.ts';

const newHandler = () => {
  const replicas = new MemoryReplicas();
  const led = replicas.lead('a', 0, leaderEpoch(2));
  led.append(3);
  led.lead(leaderEpoch(5));
  led.append(4);
  const log = recordingLog();
  const handler = offsetForLeaderEpochHandler({ replicas, log });
  const askFor = async (epoch: number, { partition = 0, currentLeaderEpoch = -1, version = 4 } = {}) => {
    const topics = [{ topic: 'a', partitions: [{ partition, currentLeaderEpoch, leaderEpoch: epoch }] }];
    const response = await ask('OffsetForLeaderEpoch', handler, version, { replicaId: 9, topics });
    return response.topics[0]?.partitions[0];
  };
  return { replicas, log, askFor };
};

describe('offsetForLeaderEpochHandler', () => {
  it('answers the largest epoch up to the one asked for, and where it ends', async () => {
    const { askFor } = newHandler();
    expect(await askFor(5)).toEqual({ errorCode: 0, partition: 0, leaderEpoch: 5, endOffset: 7n });
    expect(await askFor(4)).toMatchObject({ leaderEpoch: 2, endOffset: 3n });
    expect(await askFor(1)).toMatchObject({ leaderEpoch: 1, endOffset: 0n });
  });

  it('answers -1 for an epoch that it does not know', async () => {
    const { askFor } = newHandler();
    for (const epoch of [6, -1]) {
      expect(await askFor(epoch)).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1n });
    }
  });

  it('refuses who knows an older or a newer leader epoch, from version 2 on', async () => {
    const { askFor } = newHandler();
    expect(await askFor(5, { currentLeaderEpoch: 4 })).toMatchObject({ errorCode: ERRORS.FENCED_LEADER_EPOCH.code });
    expect(await askFor(5, { currentLeaderEpoch: 6 })).toMatchObject({ errorCode: ERRORS.UNKNOWN_LEADER_EPOCH.code });
    expect(await askFor(5, { currentLeaderEpoch: 4, version: 1 })).toMatchObject({ errorCode: 0, endOffset: 7n });
  });

  it.each([0, 1, 2, 3, 4])('answers version %i', async (version) => {
    expect(await newHandler().askFor(5, { version })).toMatchObject({ errorCode: 0, endOffset: 7n });
  });

  it('answers for what is not there, and for a fault of its own', async () => {
    const { askFor, replicas, log } = newHandler();
    expect(await askFor(5, { partition: 3 })).toMatchObject({ errorCode: ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code });
    replicas.endOffsetForEpoch = () => {
      throw new TypeError('a bug');
    };
    expect(await askFor(5)).toMatchObject({ errorCode: ERRORS.UNKNOWN_SERVER_ERROR.code });
    expect(log.lines).toHaveLength(1);
  });
});
