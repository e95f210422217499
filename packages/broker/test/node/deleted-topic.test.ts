import { describe, expect, it } from 'vitest';
import { SimulatedCluster } from '../support/node/simulated-cluster.ts';

const ORDERS = { topic: 'orders', partition: 0 };

describe('a deleted topic', () => {
  it('is forgotten by a broker that had no replica of it, and had lost its session when it was deleted', async () => {
    const cluster = new SimulatedCluster();
    const first = await cluster.start(cluster.machine(1));
    const away = await cluster.start(cluster.machine(2));
    const until = async (holds: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 3000 && !holds(); turn++) await cluster.scheduler.advanceBy(20);
      expect(holds()).toBe(true);
    };
    const topicAt = ({ broker }: typeof first) => broker.parts.cache.image.topics.get('orders');
    const { requests } = first.broker.parts;
    const assignments = [{ partitionIndex: 0, brokerIds: [1] }];
    const topic = { name: 'orders', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
    const options = { deadlineMs: 9000 };
    const creation = { topics: [topic], timeoutMs: 1000 };
    await cluster.run(requests.ask(first.broker.brokerId, 'CreateTopics', 7, creation, options));
    await until(() => topicAt(away) !== undefined);

    away.session.hold();
    await until(() => cluster.registration(2) === undefined);
    const deletion = { topics: [], topicNames: ['orders'], timeoutMs: 1000 };
    await cluster.run(requests.ask(first.broker.brokerId, 'DeleteTopics', 5, deletion, options));
    await until(() => cluster.node('/brokers/topics/orders') === undefined);
    expect(topicAt(away)).toBeDefined();
    away.session.release();
    await until(() => topicAt(away) === undefined);
  });

  it('leaves the brokers, one that had lost its session meanwhile among them, and another one may have its name', async () => {
    const cluster = new SimulatedCluster();
    const first = await cluster.start(cluster.machine(1));
    const second = await cluster.start(cluster.machine(2));
    const until = async (holds: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 3000 && !holds(); turn++) await cluster.scheduler.advanceBy(20);
      expect(holds()).toBe(true);
    };
    const topicAt = ({ broker }: typeof first) => broker.parts.cache.image.topics.get('orders');
    const replicaAt = ({ broker }: typeof first) => broker.parts.replicas.statusOf(ORDERS);
    await cluster.createTopic(first.broker, 'orders', 2);
    await until(() => replicaAt(second)?.role === 'follower' || replicaAt(second)?.role === 'leader');
    const topicId = topicAt(first)?.topicId;

    second.session.hold();
    await until(() => cluster.registration(2) === undefined);
    const request = { topics: [], topicNames: ['orders'], timeoutMs: 1000 };
    await cluster.run(
      first.broker.parts.requests.ask(first.broker.brokerId, 'DeleteTopics', 5, request, { deadlineMs: 9000 }),
    );
    await until(() => topicAt(first) === undefined && replicaAt(first) === undefined);
    second.session.release();
    await until(() => topicAt(second) === undefined && replicaAt(second) === undefined);
    await until(() => second.broker.health().ready);

    await until(() => cluster.node('/brokers/topics/orders') === undefined);
    await cluster.createTopic(first.broker, 'orders', 2);
    await until(() => replicaAt(first) !== undefined && replicaAt(second) !== undefined);
    expect(topicAt(second)?.topicId).not.toBe(topicId);
  });
});
