import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Client } from '@barnabas/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restPort } from '../../src/local-cluster/cluster-settings.ts';
import { send } from '../../src/processes/stop-process.ts';
import { LocalCluster } from '../support/local-cluster.ts';

let cluster: LocalCluster;

beforeEach(async () => {
  cluster = await LocalCluster.make();
});

afterEach(() => cluster.end());

const topic = 'greetings';

const add = async (client: Client, value: string) => {
  const producer = client.producer();
  await producer.send({ topic, value });
  await producer.close();
};

/** The texts of the first `count` records. */
const read = async (client: Client, count: number): Promise<string[]> => {
  const texts: string[] = [];
  for await (const record of client.reader({ topic, partition: 0, from: 'earliest' })) {
    texts.push(record.text());
    if (texts.length === count) break;
  }
  return texts;
};

describe('up and down', () => {
  it('start what is missing, and stop all of it', async () => {
    const { portOffset } = cluster.settings;
    const first = await cluster.run('up');
    expect(first).toMatchObject({ exit: 0, err: '' });
    expect(first.out).toContain(`ZooKeeper  127.0.0.1:${2181 + portOffset}/clusters/local\n`);
    expect(first.out).toContain(
      `broker 3   http://127.0.0.1:${8083 + portOffset}   Kafka 127.0.0.1:${9093 + portOffset}\n`,
    );
    expect(first.out.match(/^ {2}curl /gm)).toHaveLength(3);
    const [zookeeper, one, two, three] = cluster.pids();
    expect([zookeeper, one, two, three]).not.toContain(undefined);

    await cluster.client(1).topics.create(topic);
    await add(cluster.client(2), 'Hello');
    expect(await read(cluster.client(3), 1)).toEqual(['Hello']);
    const { partitions } = await cluster.client(1).topics.describe(topic);
    expect(partitions.map(({ replicas }) => replicas.length)).toEqual([3]);

    const killed = cluster.process(2);
    if (killed === undefined) throw new Error('broker 2 does not run');
    send(killed, 'SIGKILL');
    const second = await cluster.run('up');
    expect(second).toMatchObject({ exit: 0, out: first.out });
    expect(second.err.trim().split('\n')).toEqual([
      `ZooKeeper runs already (process ${zookeeper})`,
      `broker 1 runs already (process ${one})`,
      `broker 3 runs already (process ${three})`,
    ]);
    expect(cluster.process(2)?.pid).not.toBe(two);
    expect(await read(cluster.client(2), 1)).toEqual(['Hello']);

    const other = await cluster.run('up', [], { BARNABAS_NUM_PARTITIONS: '4' });
    expect(other.err.match(/^broker \d .*, with other settings, /gm)).toHaveLength(3);
    expect(other.err).toContain(`ZooKeeper runs already (process ${zookeeper})\n`);

    const elsewhere = await cluster.run('up', ['--port-offset', '40000']);
    expect(elsewhere).toMatchObject({ exit: 1, err: expect.stringContaining('runs already, on other ports') });

    const end = await cluster.run('down');
    expect(end).toMatchObject({ exit: 0, err: '' });
    const stopped = end.out.trim().split('\n');
    expect(stopped.slice(0, 3).sort().join()).toMatch(
      /broker 1 .* stopped in .*broker 2 .* stopped in .*broker 3 .* stopped in /,
    );
    expect(stopped[3]).toMatch(/^ZooKeeper .* stopped in /);
    expect(cluster.pids()).toEqual([undefined, undefined, undefined, undefined]);
    expect(await cluster.run('down')).toMatchObject({ exit: 0, out: expect.stringMatching(/^Nothing runs from /) });
  }, 120_000);

  it('go on with what another number of brokers left behind', async () => {
    expect(await cluster.run('up', [], { BROKERS: '1' })).toMatchObject({ exit: 0 });
    await cluster.client(1).topics.create(topic);
    await add(cluster.client(1), 'one');
    const more = await cluster.run('up', ['--brokers', '3']);
    expect(more).toMatchObject({ exit: 0 });
    expect(more.err).toMatch(
      /^broker 1 runs already \(process \d+, with other settings, which stay until `barnabas down`\)$/m,
    );
    await add(cluster.client(3), 'two');
    expect(await read(cluster.client(2), 2)).toEqual(['one', 'two']);
    await cluster.run('down');
    expect(await cluster.run('up')).toMatchObject({ exit: 0, err: '' });
    await cluster.client(2).topics.create('safe');
    const { partitions } = await cluster.client(3).topics.describe('safe');
    expect(partitions[0]?.replicas).toHaveLength(3);
    expect(await read(cluster.client(2), 2)).toEqual(['one', 'two']);
  }, 120_000);

  it('start nothing where a port is taken', async () => {
    const port = restPort(cluster.settings, 2);
    const stranger = createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    for (const command of ['up', 'dev']) {
      const { exit, out, err } = await cluster.run(command);
      expect({ exit, out }).toEqual({ exit: 1, out: '' });
      expect(err).toMatch(
        new RegExp(`^barnabas: port ${port}, for REST of broker 2, is taken, and nothing was started: `),
      );
    }
    expect(readdirSync(cluster.settings.dataDir)).toEqual([]);
    stranger.close();
  }, 60_000);

  it('say why a broker does not start, and leave nothing running', async () => {
    const { exit, out, err } = await cluster.run('up', ['--brokers', '2', '--override', 'num.partitions=none']);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(/^broker \d has ended\. Its log, .*\/log, ends with:\n {2}barnabas: num\.partitions: /m);
    expect(err).toMatch(/^barnabas: broker \d ended with exit code \d; what was started has been stopped$/m);
    expect(cluster.pids()).toEqual([undefined, undefined, undefined, undefined]);
    expect(await cluster.run('up', ['--brokers', '1'])).toMatchObject({ exit: 0 });
  }, 120_000);
});
