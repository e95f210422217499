import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { KCAT } from '../support/clients/kcat.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/clients/run-program.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';

const START_MAX_MS = 180_000;
const STEP_MAX_MS = 120_000;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const LINES = 5000;

type Metadata = {
  readonly brokers: readonly { readonly id: number; readonly name: string }[];
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly leader: number; readonly isrs: unknown[] }[];
  }[];
};

const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => `line ${from + at}`);

describeWithPackages('kcat on three brokers', KCAT, () => {
  let scene: ClientScene;

  beforeAll(async () => {
    scene = await ClientScene.start();
  }, START_MAX_MS);
  afterAll(() => scene?.close());

  const start = (...args: string[]): RunningProgram =>
    startProgram('kcat', ['-b', scene.cluster.bootstrapServers, ...args]);
  /** What it prints. */
  const kcat = async (args: readonly string[], input = ''): Promise<readonly string[]> =>
    (await runProgram('kcat', ['-b', scene.cluster.bootstrapServers, ...args], input)).lines;
  const consume = (topic: string, format: string, ...more: string[]): Promise<readonly string[]> =>
    kcat(['-C', '-q', '-e', '-t', topic, '-o', 'beginning', '-X', 'check.crcs=true', '-f', `${format}\n`, ...more]);
  const metadata = async (): Promise<Metadata> => JSON.parse((await kcat(['-L', '-J'])).join('')) as Metadata;

  it('lists the brokers where clients find them, and the topics with their replicas', async () => {
    await scene.createTopic('listed', 2);
    const { brokers, topics } = await metadata();
    const places = scene.cluster.brokers.map(({ id, kafkaAddress }) => ({ id, name: kafkaAddress }));
    expect(brokers.toSorted((one, other) => one.id - other.id)).toEqual(places);
    const listed = topics.find(({ topic }) => topic === 'listed');
    expect(listed?.partitions.map(({ partition, isrs }) => [partition, isrs.length])).toEqual([
      [0, 3],
      [1, 3],
    ]);
  });

  it(
    'has a topic created that it produces to',
    async () => {
      await kcat(['-P', '-t', 'fresh', '-X', 'acks=all'], 'first\n');
      expect(await consume('fresh', '%s')).toEqual(['first']);
    },
    STEP_MAX_MS,
  );

  it.each(CODECS)(
    'reads what it has produced, with %s',
    async (codec) => {
      const topic = `codec-${codec}`;
      await scene.createTopic(topic);
      const lines = numbered(LINES);
      await kcat(['-P', '-t', topic, '-z', codec, '-X', 'acks=all', '-X', 'linger.ms=20'], `${lines.join('\n')}\n`);
      expect(await consume(topic, '%s')).toEqual(lines);
    },
    STEP_MAX_MS,
  );

  it('keeps keys, headers and what is null, which are the same over HTTP', async () => {
    await scene.createTopic('whole');
    await kcat(['-P', '-t', 'whole', '-K:', '-H', 'h=v', '-H', 'n', '-Z'], 'key:value\n:no key\nno value:\n');
    expect(await consume('whole', '%o %K %k %S %s %h')).toEqual([
      '0 3 key 5 value h=v,n=NULL',
      '1 -1  6 no key h=v,n=NULL',
      '2 8 no value -1  h=v,n=NULL',
    ]);
    const leader = await scene.cluster.leaderOf('whole', 0);
    const url = `${leader.restUrl}/v1/topics/whole/partitions/0/records?offset=0`;
    const text = await (await fetch(url)).text();
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ key, value }) => [key, value])).toEqual([
      ['key', 'value'],
      [null, 'no key'],
      ['no value', null],
    ]);
  });

  it('finds the ends of a partition, and the offset of a time', async () => {
    await scene.createTopic('asked');
    await kcat(['-P', '-t', 'asked', '-X', 'acks=all'], 'before\n');
    await sleep(20);
    const timeMs = Date.now();
    await kcat(['-P', '-t', 'asked', '-X', 'acks=all'], 'after\nlast\n');
    const offsetAt = async (time: number) => (await kcat(['-Q', '-t', `asked:0:${time}`])).join();
    expect(await offsetAt(-2)).toBe('asked [0] offset 0');
    expect(await offsetAt(-1)).toBe('asked [0] offset 3');
    expect(await offsetAt(timeMs)).toBe('asked [0] offset 1');
  });

  describe('while the leader is killed', () => {
    it(
      'produces each line once, with idempotence, and reads all of them',
      async () => {
        await scene.createTopic('killed');
        const producer = start('-P', '-t', 'killed', '-X', 'enable.idempotence=true', '-X', 'linger.ms=5');
        const lines = numbered(LINES);
        const leader = await scene.cluster.leaderOf('killed', 0);
        for (let at = 0; at < LINES; at += 100) {
          producer.input.write(`${lines.slice(at, at + 100).join('\n')}\n`);
          if (at === LINES / 2) await leader.kill();
          await sleep(20);
        }
        producer.input.end();
        await producer.ended;
        expect(await consume('killed', '%s')).toEqual(lines);
        leader.start();
        await scene.cluster.whenReady();
        await scene.cluster.whenInSync('killed');
        expect(await consume('killed', '%s')).toEqual(lines);
      },
      STEP_MAX_MS,
    );
  });
});
