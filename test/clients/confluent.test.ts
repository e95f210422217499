import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { CONFLUENT, runScript } from '../support/clients/confluent.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';

const START_MAX_MS = 180_000;
const STEP_MAX_MS = 120_000;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const RECORDS = 2000;
const PARTITIONS = 6;

describeWithPackages('confluent-kafka for Python on three brokers', CONFLUENT, () => {
  let scene: ClientScene;

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '200' });
  }, START_MAX_MS);
  afterAll(() => scene?.close());

  const run = (script: string, ...args: readonly string[]): Promise<unknown> =>
    runScript(script, scene.cluster.bootstrapServers, ...args);

  it.each(CODECS)(
    'produces with idempotence and %s, and reads all of it with its checksums',
    async (codec) => {
      const topic = `codec-${codec}`;
      await scene.createTopic(topic);
      const offsets = Array.from({ length: RECORDS }, (_, offset) => offset);
      expect(await run('produce_and_read', topic, codec, `${RECORDS}`)).toEqual({
        acknowledged: offsets,
        read: offsets.map((offset) => [offset, `key ${offset}`, `value ${offset}`]),
      });
    },
    STEP_MAX_MS,
  );

  it(
    'goes on where its group has committed, and where it is sent',
    async () => {
      await scene.createTopic('positions');
      expect(await run('positions', 'positions')).toEqual({
        'from the start': [0, 1, 2, 3],
        'committed before': -1001,
        committed: 4,
        'from the commit': [4, 5],
        'from where it was sent': [1, 2],
        position: 3,
        'committed by hand': 9,
        watermarks: [0, 10],
        'at a time': 3,
        'after the last': -1,
      });
    },
    STEP_MAX_MS,
  );

  it(
    'makes, changes and removes topics, and is told what it cannot do',
    async () => {
      expect(await run('topics', 'administered')).toEqual({
        validated: 'OK',
        created: 'OK',
        'created again': 'TOPIC_ALREADY_EXISTS',
        'of a bad name': 'TOPIC_EXCEPTION',
        'on too many brokers': 'INVALID_REPLICATION_FACTOR',
        retention: ['100000', false],
        altered: 'OK',
        'more partitions': 'OK',
        'fewer partitions': 'INVALID_PARTITIONS',
        deleted: 'OK',
        'deleted again': 'UNKNOWN_TOPIC_OR_PART',
      });
    },
    STEP_MAX_MS,
  );

  it(
    'gives only half of its partitions back when a second member joins cooperatively',
    async () => {
      await scene.createTopic('shared', PARTITIONS);
      expect(await run('cooperative', 'shared', `${PARTITIONS}`)).toEqual({
        alone: [['assigned', PARTITIONS]],
        'of the first': [['revoked', PARTITIONS / 2]],
        'of the second': [['assigned', PARTITIONS / 2]],
        together: Array.from({ length: PARTITIONS }, (_, partition) => partition),
        read: true,
      });
    },
    STEP_MAX_MS,
  );

  it(
    'has what it had when it is back as a static member, which no other notices',
    async () => {
      await scene.createTopic('kept', PARTITIONS);
      expect(await run('static', 'kept', `${PARTITIONS}`)).toEqual({
        state: 'Stable',
        protocol: 'cooperative-sticky',
        members: 2,
        'has what it had': true,
        'seen by the other': [],
      });
    },
    STEP_MAX_MS,
  );
});
