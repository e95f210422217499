import { describe, expect, it } from 'vitest';
import type { Requests } from '../../../src/peers/requests.ts';
import { offsetsTopicCreation } from '../../../src/requests/groups/offsets-topic-creation.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { cacheWith } from '../../support/update-metadata.ts';

function creationOf(replicationFactor: number) {
  const log = recordingLog();
  const asked: object[] = [];
  const answers: (() => void)[] = [];
  const requests: Requests = {
    ask: async (broker, api, _version, request) => {
      asked.push({ broker, api, request });
      await new Promise<void>((resolve) => answers.push(resolve));
      return { topics: [{ name: '__consumer_offsets', errorCode: 0, errorMessage: null }] } as never;
    },
  };
  const create = offsetsTopicCreation({
    requests,
    cluster: cacheWith(),
    timeoutMs: 1000,
    partitions: 50,
    replicationFactor,
    segmentBytes: 104_857_600,
    log,
  });
  return { create, asked, answers, log };
}

describe('the offsets topic', () => {
  it('is asked for as it is configured, of the controller, once at a time', async () => {
    const { create, asked, answers, log } = creationOf(3);
    create();
    create();
    expect(asked).toEqual([
      {
        broker: 1,
        api: 'CreateTopics',
        request: {
          timeoutMs: 1000,
          topics: [
            {
              name: '__consumer_offsets',
              numPartitions: 50,
              replicationFactor: 3,
              assignments: [],
              configs: [
                { name: 'cleanup.policy', value: 'compact' },
                { name: 'compression.type', value: 'producer' },
                { name: 'segment.bytes', value: '104857600' },
              ],
            },
          ],
        },
      },
    ]);
    for (const answer of answers) answer();
    await new Promise((resolve) => setImmediate(resolve));
    create();
    expect(asked).toHaveLength(2);
    expect(log.lines).toEqual(['info: created a topic because it was asked for']);
  });

  it('waits until there are as many brokers as it is to have replicas, and says so once', () => {
    const { create, asked, log } = creationOf(4);
    create();
    create();
    expect(asked).toEqual([]);
    expect(log.lines).toEqual([
      'warn: there are too few brokers to create __consumer_offsets: start more, or set offsets.topic.replication.factor to fewer',
    ]);
  });
});
