import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { until } from '../support/until.ts';
import { freePorts } from '../support/zookeeper/free-ports.ts';
import { Compose } from './support/compose.ts';

const READY_MAX_MS = 120_000;

const [portA1 = 0, portA2 = 0, portA3 = 0, portB = 0, ...kafkaPorts] = await freePorts(7);
const [a1, a2, a3, b] = [portA1, portA2, portA3, portB].map((port) => `http://localhost:${port}`);

const compose = new Compose({
  PORT_A1: `${portA1}`,
  PORT_A2: `${portA2}`,
  PORT_A3: `${portA3}`,
  PORTS_B: `${portB}`,
  KAFKA_PORT_A1: `${kafkaPorts[0]}`,
  KAFKA_PORT_A2: `${kafkaPorts[1]}`,
  KAFKA_PORT_A3: `${kafkaPorts[2]}`,
});

beforeAll(() => compose.up());

afterAll(() => compose.down());

const whenReady = (url: string | undefined): Promise<true> =>
  until(`${url} is ready`, READY_MAX_MS, async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));

const json = async (url: string, method = 'GET', body?: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
};

describe('docker/compose.yaml', () => {
  it('has a cluster of three brokers, and another one beside it that sees nothing of it', async () => {
    onTestFailed(() => void process.stderr.write(compose.logTails()));
    await Promise.all([a1, a2, a3, b].map(whenReady));

    await json(`${a1}/v1/topics/greetings`, 'PUT', { partitions: 2 });
    await json(`${a2}/v1/topics/greetings/partitions/1/records`, 'POST', { hello: 'world' });
    const read = await json(`${a3}/v1/topics/greetings/partitions/1/records?offset=earliest`);
    expect(read).toMatchObject([{ partition: 1, offset: 0, value: { hello: 'world' } }]);
    const { partitions } = (await json(`${a3}/v1/topics/greetings`)) as { partitions: { replicas: number[] }[] };
    expect(partitions.map(({ replicas }) => replicas.toSorted())).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);

    const kafka = new Kafka({ brokers: [`localhost:${kafkaPorts[0]}`], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    expect(brokers.map(({ host, port }) => `${host}:${port}`).toSorted()).toEqual(
      kafkaPorts.map((port) => `localhost:${port}`).toSorted(),
    );
    // From each of them, through the port that it is published on.
    expect(await admin.fetchTopicOffsets('greetings')).toMatchObject([{ high: '0' }, { high: '1' }]);
    await admin.disconnect();

    expect(await json(`${b}/v1/topics`)).toEqual([]);
    expect((await fetch(`${b}/v1/topics/greetings`)).status).toBe(404);
    await json(`${b}/v1/topics/greetings`, 'PUT', {});
    await json(`${b}/v1/topics/greetings/records`, 'POST', 'from b');
    expect(await json(`${b}/v1/topics/greetings/partitions/0/records?offset=earliest`)).toMatchObject([
      { value: 'from b' },
    ]);
    expect(await json(`${a1}/v1/topics/greetings/partitions/0/records?offset=earliest`)).toEqual([]);
  });

  it('tells clients where its brokers are, from outside', async () => {
    const { brokers } = (await json(`${a1}/v1/brokers`)) as {
      brokers: { id: number; listeners: { name: string; host: string; port: number }[] }[];
    };
    const told = brokers.map(({ id, listeners }) => {
      const rest = listeners.find(({ name }) => name === 'REST');
      return [id, `http://${rest?.host}:${rest?.port}`];
    });
    expect(told).toEqual([
      [1, a1],
      [2, a2],
      [3, a3],
    ]);
  });
});
