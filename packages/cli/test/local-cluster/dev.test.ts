import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../support/local-cluster.ts';

let cluster: LocalCluster;

beforeEach(async () => {
  cluster = await LocalCluster.make();
});

afterEach(() => cluster.end());

type Child = ReturnType<LocalCluster['start']>;

const ready = async (child: Child): Promise<void> => {
  let printed = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += chunk;
    if (/Ready in \d+ ms/.test(printed)) return;
  }
  throw new Error(`it ended: ${printed}`);
};

const ended = async (child: Child) => {
  child.stdout.resume();
  const [err, [exit]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { exit, err };
};

describe('dev', () => {
  it('runs a cluster until Ctrl-C, and finds its records again', async () => {
    const first = cluster.start('dev', ['--log-level', 'error']);
    await ready(first);
    const client = cluster.client(2, 3, 1);
    await client.topics.create('greetings');
    await client.producer().send({ topic: 'greetings', value: 'Hello' });
    first.kill('SIGINT');
    expect(await ended(first)).toMatchObject({ exit: 0 });

    const second = cluster.start('dev');
    await ready(second);
    const reader = client.reader({ topic: 'greetings', partition: 0, from: 'earliest' });
    for await (const record of reader) {
      expect(record.text()).toBe('Hello');
      break;
    }
    second.kill('SIGTERM');
    const { exit, err } = await ended(second);
    expect(exit).toBe(0);
    // That its parts miss each other while it stops is nobody's concern.
    expect(err).not.toMatch(/did not answer|Dropped a connection/);
  }, 120_000);

  it('says why it does not start', async () => {
    const { exit, err } = await cluster.run('dev', ['--brokers', '1', '--override', 'num.partitions=none']);
    expect(exit).toBe(1);
    expect(err).toMatch(/^barnabas: num\.partitions: "none" is not an integer/m);
  }, 60_000);

  it('does not start beside what up has started', async () => {
    expect(await cluster.run('up', ['--brokers', '1'])).toMatchObject({ exit: 0 });
    const { exit, err } = await cluster.run('dev', ['--brokers', '1']);
    expect(exit).toBe(1);
    expect(err).toMatch(/^barnabas: ZooKeeper runs from .* already \(process \d+\): `barnabas down` ends it\n$/);
  }, 60_000);

  it('can be stopped before it serves', async () => {
    const child = cluster.start('dev', ['--log-level', 'info']);
    // Whatever it says first, it is not ready then.
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await ended(child)).toMatchObject({ exit: 0 });
  }, 60_000);
});
