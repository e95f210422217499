import { readFileSync } from 'node:fs';
import { DEFAULT_BROKER_PROPERTIES } from '@barnabas/model';
import { decodeTopic } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { MAX_PARTITIONS_PER_REQUEST } from '../../../src/topics/topic-limits.ts';
import { asked, creation, ID_A, outcomes } from '../../support/topics/asked.ts';
import { clusterTopic } from '../../support/topics/fake-cluster.ts';
import { TopicLab, topicOf } from '../../support/topics/topic-lab.ts';

const ZERO_ID = 'A'.repeat(22);

describe('CreateTopics', () => {
  it('creates a topic, and answers once each partition has a leader', async () => {
    const lab = await TopicLab.start();
    const answering = lab.begin('CreateTopics', creation(asked('t', { numPartitions: 2, replicationFactor: 3 })));
    let isAnswered = false;
    void answering.then(() => {
      isAnswered = true;
    });
    await lab.ensemble.scheduler.advanceBy(1000);
    const znode = decodeTopic('t', Buffer.from(lab.ensemble.textOf('/brokers/topics/t') ?? ''));
    lab.cluster.put(clusterTopic('t', { ...znode, topicId: ID_A }));
    await lab.ensemble.scheduler.advanceBy(10);
    lab.cluster.put(clusterTopic('t', znode, (partition) => partition === 0));
    await lab.ensemble.scheduler.advanceBy(10);
    expect(isAnswered).toBe(false);
    lab.cluster.put(clusterTopic('t', znode));
    const [topic] = (await lab.ensemble.run(answering)).topics;
    expect(topic).toMatchObject({
      name: 't',
      errorCode: 0,
      errorMessage: null,
      numPartitions: 2,
      replicationFactor: 3,
    });
    expect(topic?.topicId).toBe(znode.topicId);
    expect([...znode.partitions.values()].map(({ replicas }) => replicas.toSorted())).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(lab.cluster.listeners).toBe(0);
  });

  it('takes what is not said from the broker', async () => {
    const properties = { ...DEFAULT_BROKER_PROPERTIES, numPartitions: 4, defaultReplicationFactor: 2 };
    const lab = await TopicLab.start({ broker: { properties } });
    lab.letControllerFollow();
    const [topic] = (await lab.ask('CreateTopics', creation(asked('t')))).topics;
    expect(topic).toMatchObject({ errorCode: 0, numPartitions: 4, replicationFactor: 2 });
  });

  it('puts the replicas where it is told to', async () => {
    const lab = await TopicLab.start();
    lab.letControllerFollow();
    const assignments = [
      { partitionIndex: 1, brokerIds: [3, 1] },
      { partitionIndex: 0, brokerIds: [2, 3] },
    ];
    const [topic] = (await lab.ask('CreateTopics', creation(asked('t', { assignments })))).topics;
    expect(topic).toMatchObject({ errorCode: 0, numPartitions: 2, replicationFactor: 2 });
    expect(lab.ensemble.textOf('/brokers/topics/t')).toContain('"partitions":{"0":[2,3],"1":[3,1]}');
  });

  it('writes what Kafka writes', async () => {
    const golden = goldenZnodes();
    const lab = await TopicLab.start();
    lab.letControllerFollow();
    const topics = ['compacted', 'broker-side-codec', 'single-replica', 'three-partitions', 'never-written'];
    const request = topics.map((name) => {
      const { partitions } = JSON.parse(golden.get(`/brokers/topics/${name}`) ?? '');
      const { config } = JSON.parse(golden.get(`/config/topics/${name}`) ?? '');
      const assignments = Object.entries(partitions).map(([partition, brokerIds]) => ({
        partitionIndex: Number(partition),
        brokerIds: brokerIds as number[],
      }));
      return asked(name, { assignments, configs: Object.entries(config as Record<string, string>).map(toConfig) });
    });
    const answer = await lab.ask('CreateTopics', creation(...request));
    expect(outcomes(answer)).toEqual(topics.map(() => 'NONE'));
    for (const [index, name] of topics.entries()) {
      expect(lab.ensemble.textOf(`/config/topics/${name}`)).toBe(golden.get(`/config/topics/${name}`));
      const id = /"topic_id":"(.{22})"/;
      const [, idOfKafka = ''] = id.exec(golden.get(`/brokers/topics/${name}`) ?? '') ?? [];
      const own = answer.topics[index]?.topicId ?? '';
      expect(lab.ensemble.textOf(`/brokers/topics/${name}`)?.replace(own, idOfKafka)).toBe(
        golden.get(`/brokers/topics/${name}`),
      );
    }
    const [first] = lab.ensemble.pathsBelow('/config/changes');
    expect(first).toBe('/config/changes/config_change_0000000000');
    expect(lab.ensemble.textOf(first ?? '')).toBe('{"version":2,"entity_path":"topics/compacted"}');
    // Nobody has anything to learn of a topic that sets nothing.
    expect(lab.ensemble.pathsBelow('/config/changes')).toHaveLength(topics.length - 1);
  });

  it('answers what is configured and where it comes from', async () => {
    const lab = await TopicLab.start({ broker: { set: new Map([['log.segment.bytes', '500000']]) } });
    const configs = [{ name: 'retention.ms', value: '5' }];
    const answer = await lab.ask('CreateTopics', { ...creation(asked('t', { configs })), validateOnly: true });
    const described = new Map(answer.topics[0]?.configs?.map((config) => [config.name, config]));
    expect(described.get('retention.ms')).toMatchObject({ value: '5', configSource: 1, readOnly: false });
    expect(described.get('segment.bytes')).toMatchObject({ configSource: 4 });
    expect(described.get('cleanup.policy')).toMatchObject({ value: 'delete', configSource: 5 });
    expect(described.size).toBe(36);
  });

  it('only looks whether it could be done, where that is asked', async () => {
    const lab = await TopicLab.start();
    const before = lab.ensemble.tree();
    const request = creation(asked('t', { numPartitions: 3, replicationFactor: 2 }), asked('a/b'));
    const answer = await lab.ask('CreateTopics', { ...request, validateOnly: true });
    expect(outcomes(answer)).toEqual(['NONE', 'INVALID_TOPIC_EXCEPTION']);
    expect(answer.topics[0]).toMatchObject({ topicId: ZERO_ID, numPartitions: 3, replicationFactor: 2 });
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('tells who waits too short, or not at all, that it timed out; the topic is there', async () => {
    const lab = await TopicLab.start();
    for (const [name, timeoutMs] of [
      ['waits', 200],
      ['does-not', 0],
    ] as const) {
      const [topic] = (await lab.ask('CreateTopics', { ...creation(asked(name)), timeoutMs })).topics;
      const told = { errorCode: 7, numPartitions: -1, replicationFactor: -1, configs: [] };
      expect(topic).toMatchObject({ ...told, errorMessage: expect.stringContaining('The topic is created') });
      expect(lab.ensemble.textOf(`/brokers/topics/${name}`)).toContain(topic?.topicId);
    }
    expect(lab.cluster.listeners).toBe(0);
  });

  it('waits only for those that were created', async () => {
    const lab = await TopicLab.start();
    lab.letControllerFollow();
    await lab.have('there', topicOf(ID_A, 1, [1]));
    const answer = await lab.ask(
      'CreateTopics',
      creation(asked('there'), asked('new'), asked('twice'), asked('twice')),
    );
    expect(outcomes(answer)).toEqual(['TOPIC_ALREADY_EXISTS', 'NONE', 'INVALID_REQUEST', 'INVALID_REQUEST']);
    expect(lab.ensemble.clock.steadyMs()).toBeLessThan(1000);
  });

  it('makes use of a configuration that a creation which died has left', async () => {
    const lab = await TopicLab.start();
    lab.letControllerFollow();
    await lab.write('/config/topics/t', '{"version":1,"config":{"a":"b"}}');
    expect(outcomes(await lab.ask('CreateTopics', creation(asked('t'))))).toEqual(['NONE']);
    expect(lab.ensemble.textOf('/config/topics/t')).toBe('{"version":1,"config":{}}');
    expect(lab.ensemble.pathsBelow('/config/changes')).toHaveLength(1);
  });

  it('creates as many partitions as a request may have', async () => {
    const lab = await TopicLab.start();
    lab.letControllerFollow();
    const half = { numPartitions: MAX_PARTITIONS_PER_REQUEST / 2, replicationFactor: 3 };
    const request = { ...creation(asked('a', half), asked('b', half)), validateOnly: true };
    expect(outcomes(await lab.ask('CreateTopics', request))).toEqual(['NONE', 'NONE']);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('answers version %i', async (version) => {
    const lab = await TopicLab.start();
    lab.letControllerFollow();
    const answer = await lab.ask('CreateTopics', creation(asked('t'), asked('a/b')), version);
    expect(outcomes(answer)).toEqual(['NONE', 'INVALID_TOPIC_EXCEPTION']);
  });
});

function toConfig([name, value]: [string, string]): { name: string; value: string } {
  return { name, value };
}

function goldenZnodes(): ReadonlyMap<string, string> {
  const file = new URL('../../../../../test/golden/znodes.json', import.meta.url);
  const znodes: { path: string; data: string }[] = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(znodes.map(({ path, data }) => [path, data]));
}
