import { ERRORS, KafkaError } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { Replicas } from '../../src/replication/replicas.ts';
import { leaderAndIsrHandler, stopReplicaHandler } from '../../src/requests/replica-control-handlers.ts';
import { ask } from '../support/ask.ts';
import { recordingLog } from '../support/recording-log.ts';
import { ID_A } from '../support/update-metadata.ts';

const CONTROLLER = { controllerId: 1, controllerEpoch: 5, brokerEpoch: 100n };
const UNKNOWN = ERRORS.UNKNOWN_SERVER_ERROR.code;

describe('LeaderAndIsr', () => {
  it('is answered by the replicas', async () => {
    const { leaderAndIsr, calls } = begin();
    expect(await leaderAndIsr(7)).toMatchObject({ errorCode: 0, topics: [{ topicId: ID_A, partitionErrors: [] }] });
    expect(calls).toEqual(['leaderAndIsr of t']);
  });

  it.each([0, 4])('is not served in version %i, which has no topic ids', async (version) => {
    const { leaderAndIsr, calls } = begin();
    expect((await leaderAndIsr(version)).errorCode).toBe(ERRORS.UNSUPPORTED_VERSION.code);
    expect(calls).toEqual([]);
  });

  it('is answered for each partition where the replicas fail', async () => {
    const { leaderAndIsr, lines } = begin(new Error('no'));
    expect(await leaderAndIsr(7)).toMatchObject({
      errorCode: UNKNOWN,
      topics: [{ topicId: ID_A, partitionErrors: [{ partitionIndex: 0, errorCode: UNKNOWN }] }],
    });
    expect(lines).toEqual(['error: LeaderAndIsr failed unexpectedly']);
  });
});

describe('StopReplica', () => {
  it('is answered by the replicas', async () => {
    const { stopReplica, calls } = begin();
    expect(await stopReplica(4)).toMatchObject({ errorCode: 0, partitionErrors: [] });
    expect(calls).toEqual(['stopReplica of t']);
  });

  it.each([0, 2])('is not served in version %i, which has no leader epochs', async (version) => {
    const { stopReplica, calls } = begin();
    expect((await stopReplica(version)).errorCode).toBe(ERRORS.UNSUPPORTED_VERSION.code);
    expect(calls).toEqual([]);
  });

  it('is answered for each partition where the replicas refuse', async () => {
    const { stopReplica } = begin(new KafkaError('STALE_BROKER_EPOCH', 'no'));
    const errorCode = ERRORS.STALE_BROKER_EPOCH.code;
    expect(await stopReplica(4)).toMatchObject({
      errorCode,
      partitionErrors: [{ topicName: 't', partitionIndex: 0, errorCode }],
    });
  });
});

function begin(failure?: Error) {
  const calls: string[] = [];
  const call = (name: string, topics: readonly { readonly topicName: string }[]) => {
    if (failure !== undefined) throw failure;
    calls.push(`${name} of ${topics.map(({ topicName }) => topicName)}`);
  };
  const replicas: Pick<Replicas, 'leaderAndIsr' | 'stopReplica'> = {
    leaderAndIsr: async ({ topicStates }) => {
      call('leaderAndIsr', topicStates);
      return { errorCode: 0, partitionErrors: [], topics: [{ topicId: ID_A, partitionErrors: [] }] };
    },
    stopReplica: async ({ topicStates }) => {
      call('stopReplica', topicStates);
      return { errorCode: 0, partitionErrors: [] };
    },
  };
  const log = recordingLog();
  const options = { replicas, log };
  return {
    calls,
    lines: log.lines,
    leaderAndIsr: (version: number) => ask('LeaderAndIsr', leaderAndIsrHandler(options), version, leading(version)),
    stopReplica: (version: number) => ask('StopReplica', stopReplicaHandler(options), version, stopping(version)),
  };
}

function leading(version: number): PeerRequest<'LeaderAndIsr'> {
  const state = {
    partitionIndex: 0,
    controllerEpoch: 5,
    leader: 1,
    leaderEpoch: 0,
    isr: [1],
    partitionEpoch: 0,
    replicas: [1],
    addingReplicas: [],
    removingReplicas: [],
  };
  const topicStates = version < 2 ? [] : [{ topicName: 't', topicId: ID_A, partitionStates: [state] }];
  return { ...CONTROLLER, liveLeaders: [], topicStates };
}

function stopping(version: number): PeerRequest<'StopReplica'> {
  const state = { partitionIndex: 0, leaderEpoch: 1, deletePartition: true };
  const topicStates = version < 3 ? [] : [{ topicName: 't', partitionStates: [state] }];
  return { ...CONTROLLER, topicStates };
}
