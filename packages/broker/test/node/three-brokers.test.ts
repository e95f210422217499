import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerTo, ask, describe as describeTopic, type Partition, until, valuesIn } from '../support/node/http.ts';
import { LocalEnsemble, type StartedServer } from '../support/node/local-ensemble.ts';

const PROCESS = fileURLToPath(new URL('../support/node/broker-process.ts', import.meta.url));
const TOPIC = 'orders';
const PARTITIONS = 6;

type Spawned = { readonly process: ChildProcess; readonly url: string };

const children: ChildProcess[] = [];
let ensemble: LocalEnsemble;
let one: StartedServer;
let two: StartedServer;
/** In a process of its own, to be killed. */
let three: Spawned;

async function spawnBroker(properties: readonly string[]): Promise<Spawned> {
  const child = spawn(process.execPath, [PROCESS, ...properties], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [port] = await once(createInterface(child.stdout), 'line');
  return { process: child, url: `http://127.0.0.1:${port}` };
}

const produce = (url: string, partition: number, value: string) =>
  answerTo<{ offset: number }[]>(url, 'POST', `/v1/topics/${TOPIC}/partitions/${partition}/records?acks=all`, value);

const ledBy = ({ partitions }: { readonly partitions: readonly Partition[] }, id: number) =>
  partitions.filter(({ leader }) => leader === id).map(({ partition }) => partition);

beforeAll(async () => {
  ensemble = await LocalEnsemble.start();
  [one, two, three] = await Promise.all([
    ensemble.startBroker(ensemble.properties(1)),
    ensemble.startBroker(ensemble.properties(2)),
    spawnBroker(ensemble.properties(3)),
  ]);
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await ensemble.close();
});

/** One after the other: each begins where the last one has left the cluster. */
describe('three brokers on an embedded ZooKeeper', () => {
  it('are ready, and each knows all three', async () => {
    for (const { url } of [one, two, three]) {
      expect((await ask(url, 'GET', '/ready')).status).toBe(200);
      const { brokers } = await answerTo<{ brokers: { id: number }[] }>(url, 'GET', '/v1/brokers');
      expect(brokers.map(({ id }) => id)).toEqual([1, 2, 3]);
    }
  });

  it('create a topic with the defaults of the broker, led by all of them', async () => {
    const topic = await answerTo<{ partitions: Partition[] }>(two.url, 'PUT', `/v1/topics/${TOPIC}`, {
      partitions: PARTITIONS,
    });
    for (const { isr } of topic.partitions) expect([...isr].sort()).toEqual([1, 2, 3]);
    for (const id of [1, 2, 3]) expect(ledBy(topic, id)).toHaveLength(PARTITIONS / 3);
  });

  it('take records with acks=all and give them back, whichever is asked', async () => {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const [record] = await produce(one.url, partition, 'first');
      expect(record?.offset).toBe(0);
    }
    for (const { url } of [one, two, three]) {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        expect(await valuesIn(url, TOPIC, partition)).toEqual(['first']);
      }
    }
  });

  it('go on when one leaves in order: others lead at once, and nobody waits for a session', async () => {
    const before = ledBy(await describeTopic(one.url, TOPIC), 2);
    const closing = two.close();
    await closing;
    const sinceMs = performance.now();
    for (const partition of before) await produce(one.url, partition, 'second');
    expect(performance.now() - sinceMs).toBeLessThan(1000);
    const topic = await describeTopic(one.url, TOPIC);
    expect(ledBy(topic, 2)).toEqual([]);
    for (const partition of before) expect(await valuesIn(three.url, TOPIC, partition)).toEqual(['first', 'second']);
  });

  it('take back the one that left: it follows, and catches up into the ISR', async () => {
    two = await ensemble.startBroker(ensemble.properties(2));
    await until('broker 2 is in every ISR', async () => {
      const { partitions } = await describeTopic(one.url, TOPIC);
      return partitions.every(({ isr }) => isr.includes(2));
    });
    expect((await ask(two.url, 'GET', '/ready')).status).toBe(200);
  });

  it('go on when one is killed: nothing acknowledged is lost', async () => {
    const before = ledBy(await describeTopic(one.url, TOPIC), 3);
    expect(before.length).toBeGreaterThan(0);
    for (const partition of before) await produce(one.url, partition, 'third');
    const expected = await Promise.all(before.map((partition) => valuesIn(one.url, TOPIC, partition)));
    three.process.kill('SIGKILL');
    await until('others lead', async () => ledBy(await describeTopic(one.url, TOPIC), 3).length === 0);
    const values = await Promise.all(before.map((partition) => valuesIn(two.url, TOPIC, partition)));
    expect(values).toEqual(expected);
    for (const partition of before) await produce(two.url, partition, 'fourth');
  });

  it('say so in their metrics', async () => {
    const texts = await Promise.all([one, two].map(({ url }) => ask(url, 'GET', '/metrics')));
    const sum = (name: string) =>
      texts.reduce((total, { text }) => total + Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]), 0);
    expect(sum('kafka_controller_kafkacontroller_activecontrollercount')).toBe(1);
    expect(sum('kafka_controller_kafkacontroller_offlinepartitionscount')).toBe(0);
    expect(sum('kafka_server_replicamanager_leadercount')).toBe(PARTITIONS);
    expect(sum('kafka_server_replicamanager_underreplicatedpartitions')).toBe(PARTITIONS);
  });

  it('refuse acks=all once fewer are left than min.insync.replicas, and say that nothing was appended', async () => {
    await two.close();
    await until('broker 1 leads all', async () => ledBy(await describeTopic(one.url, TOPIC), 1).length === PARTITIONS);
    const { status, text } = await ask(one.url, 'POST', `/v1/topics/${TOPIC}/partitions/0/records?timeout=2000`, 'x');
    expect(JSON.parse(text)).toMatchObject({ name: 'NOT_ENOUGH_REPLICAS' });
    expect(status).toBe(503);
  });
});
