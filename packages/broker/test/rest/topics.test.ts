import { PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { OWN } from './support/memory-cluster.ts';
import { testDoor } from './support/test-door.ts';

const NO_TOPIC = { topicId: 'A'.repeat(22), errorMessage: null, topicConfigErrorCode: 0, configs: null };

const put = (topic: string, payload: object = {}) => ({ method: 'PUT', url: `/v1/topics/${topic}`, payload }) as const;

describe('PUT /v1/topics/{topic}', () => {
  it('creates a topic through the controller and answers 201 with what it became', async () => {
    const { cluster, send } = await testDoor();
    const payload = {
      partitions: 3,
      replicationFactor: 2,
      configs: { 'retention.ms': '1000', 'min.insync.replicas': 2 },
    };

    const response = await send(put('orders', payload));

    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      name: 'orders',
      topicId: cluster.topics.get('orders')?.topicId,
      configs: { 'min.insync.replicas': '2', 'retention.ms': '1000' },
    });
    expect(response.json().partitions[1]).toEqual({
      partition: 1,
      leader: 2,
      leaderEpoch: 0,
      replicas: [1, 2],
      isr: [1, 2],
    });
    expect(cluster.asked[0]).toMatchObject({ broker: 1, api: 'CreateTopics' });
  });

  it("takes the broker's defaults for what is not said, also without a body", async () => {
    const { cluster, send } = await testDoor();
    const response = await send({ method: 'PUT', url: '/v1/topics/orders' });
    expect(response.statusCode).toBe(201);
    expect(cluster.asked[0]?.request).toMatchObject({ topics: [{ numPartitions: -1, replicationFactor: -1 }] });
  });

  it('answers 200 for a topic that is just like it, and 409 with the difference for another one', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('orders', 3, { 'retention.ms': '1000' });

    expect((await send(put('orders', { partitions: 3, configs: { 'retention.ms': 1000 } }))).statusCode).toBe(200);
    expect((await send(put('orders'))).statusCode).toBe(200);

    const other = await send(put('orders', { partitions: 4 }));
    expect(other.statusCode).toBe(409);
    expect(other.json()).toEqual({
      code: 36,
      name: 'TOPIC_ALREADY_EXISTS',
      message: 'topic orders exists, with 3 partitions instead of 4',
    });
    expect((await send(put('orders', { replicationFactor: 1 }))).statusCode).toBe(409);
    expect((await send(put('orders', { configs: {} }))).json().message).toContain(
      'retention.ms 1000 instead of not set',
    );
  });

  it('takes what it gave: a topic as it is read is the same topic', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('orders', 2, { 'retention.ms': '1000' });
    const { partitions, configs } = (await send({ url: '/v1/topics/orders' })).json();
    const again = put('orders', { partitions: partitions.length, replicationFactor: 3, configs });
    expect((await send(again)).statusCode).toBe(200);
  });

  it('answers only when this broker knows all leaders, and 504 where that takes too long', async () => {
    const { cluster, send } = await testDoor({ requestTimeoutMs: 200 });
    cluster.isTelling = false;
    const answered: string[] = [];
    const response = send(put('orders')).then((it) => {
      answered.push('answer');
      return it;
    });
    while (cluster.topics.size === 0) await new Promise(setImmediate);
    cluster.leaderOf = () => undefined;
    cluster.tell();
    await new Promise(setImmediate);
    expect(answered).toEqual([]);
    cluster.leaderOf = () => OWN;
    cluster.tell();
    expect((await response).statusCode).toBe(201);

    const late = await send(put('late'));
    expect([late.statusCode, late.json().name]).toEqual([504, 'REQUEST_TIMED_OUT']);
  });

  it('asks again where the one it asked is not the controller, and not where the outcome is unknown', async () => {
    const { cluster, send } = await testDoor();
    cluster.next('CreateTopics', () => ({
      throttleTimeMs: 0,
      topics: [{ ...NO_TOPIC, name: 'a', errorCode: 41 }],
    }));
    cluster.next('CreateTopics', () => {
      throw new PeerError('refused', 'unreachable', 'broker 1 cannot be reached');
    });
    expect((await send(put('a'))).statusCode).toBe(201);

    cluster.asked.length = 0;
    cluster.next('CreateTopics', () => {
      throw new PeerError('unknown', 'disconnected', 'the connection to broker 1 broke');
    });
    const unknown = await send(put('b'));
    expect([unknown.statusCode, unknown.json().name]).toEqual([502, 'NETWORK_EXCEPTION']);
    expect(cluster.asked.length).toBe(1);
  });

  it('waits for a topic of the name that is being deleted to be gone', async () => {
    const { cluster, send } = await testDoor();
    const refusal = { ...NO_TOPIC, name: 'a', errorCode: 36, errorMessage: 'The topic a is still being deleted.' };
    for (const _ of [1, 2]) cluster.next('CreateTopics', () => ({ throttleTimeMs: 0, topics: [refusal] }));
    expect((await send(put('a'))).statusCode).toBe(201);

    const late = await testDoor({ requestTimeoutMs: 50 });
    const isDeleted = () => {
      late.cluster.next('CreateTopics', isDeleted);
      return { throttleTimeMs: 0, topics: [refusal] };
    };
    isDeleted();
    const response = await late.send(put('a'));
    expect([response.statusCode, response.json().message]).toEqual([409, 'The topic a is still being deleted.']);
  });

  it('finds a topic of which this broker hears only after the controller has refused to create it again', async () => {
    const { cluster, send } = await testDoor();
    cluster.isTelling = false;
    cluster.addTopic('a', 3);
    cluster.next('CreateTopics', () => {
      setImmediate(() => cluster.tell());
      return undefined;
    });
    expect((await send(put('a', { partitions: 3 }))).statusCode).toBe(200);
  });

  it("passes on the controller's refusal", async () => {
    const { cluster, send } = await testDoor();
    const response = await send(put('orders', { partitions: 5000 }));
    expect([response.statusCode, response.json().name]).toEqual([400, 'INVALID_PARTITIONS']);
    expect(cluster.topics.size).toBe(0);
  });
});

describe('GET and DELETE of /v1/topics', () => {
  it('lists names in order', async () => {
    const { cluster, send } = await testDoor();
    for (const name of ['b', 'a', '__consumer_offsets']) cluster.addTopic(name);
    expect((await send({ url: '/v1/topics' })).json()).toEqual(['__consumer_offsets', 'a', 'b']);
    for (const method of ['PUT', 'DELETE'] as const) {
      const refused = await send({ method, url: '/v1/topics/__consumer_offsets' });
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({ name: 'INVALID_TOPIC_EXCEPTION' });
    }
  });

  it('deletes, and answers when this broker no longer knows the topic', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('orders');
    const response = await send({
      method: 'DELETE',
      url: '/v1/topics/orders',
      headers: { 'content-type': 'application/json' },
    });
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect((await send({ url: '/v1/topics/orders' })).statusCode).toBe(404);
    expect((await send({ method: 'DELETE', url: '/v1/topics/orders' })).json().name).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  it('waits a moment for a topic of which this broker is just about to hear', async () => {
    const { cluster, send } = await testDoor({ unknownTopicWaitMs: 2_000 });
    const response = send({ url: '/v1/topics/orders' });
    while (cluster.listeners === 0) await new Promise(setImmediate);
    cluster.addTopic('orders');
    expect((await response).statusCode).toBe(200);
    expect(cluster.listeners).toBe(0);
  });
});
