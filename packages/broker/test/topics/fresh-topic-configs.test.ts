import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { withFreshTopicConfigs } from '../../src/topics/fresh-topic-configs.ts';
import { ask } from '../support/ask.ts';

type Input = PeerRequest<'LeaderAndIsr'>;

const partition = (partitionIndex: number, isNew: boolean) => ({
  partitionIndex,
  controllerEpoch: 1,
  leader: 1,
  leaderEpoch: 0,
  isr: [1],
  partitionEpoch: 0,
  replicas: [1],
  addingReplicas: [],
  removingReplicas: [],
  isNew,
});
const topicId = 'aaaaaaaaaaaaaaaaaaaaaA';
const request = (rest: Partial<Input>): Input => ({ controllerId: 1, controllerEpoch: 1, liveLeaders: [], ...rest });

describe('withFreshTopicConfigs', () => {
  it('reads what is set for the topics of new partitions before they are opened', async () => {
    const topicStates = [
      { topicName: 'new', topicId, partitionStates: [partition(0, false), partition(1, true)] },
      { topicName: 'old', topicId, partitionStates: [partition(0, false)] },
    ];
    expect(await told(7, request({ topicStates }))).toEqual(['refresh new', 'refreshed', 'handled']);
  });

  it('does so for the oldest version, too', async () => {
    const ungroupedPartitionStates = ['a', 'a', 'b'].map((topicName, index) => ({
      ...partition(index, true),
      topicName,
    }));
    expect(await told(1, request({ ungroupedPartitionStates }))).toEqual(['refresh a,b', 'refreshed', 'handled']);
  });

  it('reads nothing where nothing is new', async () => {
    const topicStates = [{ topicName: 'old', topicId, partitionStates: [partition(0, false)] }];
    expect(await told(7, request({ topicStates }))).toEqual(['handled']);
  });
});

async function told(version: number, input: Input): Promise<string[]> {
  const events: string[] = [];
  const refresh = async (topics: Iterable<string>): Promise<void> => {
    events.push(`refresh ${[...topics].join()}`);
    await Promise.resolve();
    events.push('refreshed');
  };
  const handler = withFreshTopicConfigs(
    () => {
      events.push('handled');
      return { errorCode: 0, topics: [] };
    },
    { refresh },
  );
  await ask('LeaderAndIsr', handler, version, input);
  return events;
}
