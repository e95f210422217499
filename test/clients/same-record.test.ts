import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { CONFLUENT } from '../support/clients/confluent.ts';
import { confluentDoor } from '../support/clients/doors/confluent-door.ts';
import { kafkaJsDoor } from '../support/clients/doors/kafkajs-door.ts';
import { platformaticDoor } from '../support/clients/doors/platformatic-door.ts';
import type { PlainRecord, RecordDoor } from '../support/clients/doors/record-door.ts';
import { restDoor } from '../support/clients/doors/rest-door.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';

const START_MAX_MS = 180_000;
const STEP_MAX_MS = 60_000;
const TIME_MS = 1_600_000_000_000;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** Of no text in UTF-8: a byte that never occurs in it, zeros, half of a character. */
const NOT_TEXT = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x80, 0x00]).toString('base64');
const EMPTY = '';

const RECORDS: readonly PlainRecord[] = [
  { key: base64('key'), value: base64('a value'), headers: [['h', base64('v')]], timestamp: TIME_MS },
  { key: null, value: base64('without a key'), headers: [], timestamp: TIME_MS + 5 },
  { key: base64('gone'), value: null, headers: [['why', base64('a tombstone')]], timestamp: TIME_MS + 3 },
  { key: null, value: null, headers: [], timestamp: TIME_MS + 4 },
  { key: NOT_TEXT, value: NOT_TEXT, headers: [['no text', NOT_TEXT]], timestamp: TIME_MS + 2 },
  { key: EMPTY, value: EMPTY, headers: [['empty', EMPTY]], timestamp: TIME_MS + 1 },
  {
    key: base64('ключ'),
    value: base64('значение ✉'),
    headers: [
      ['twice', base64('one')],
      ['twice', base64('two')],
      ['имя', base64('ß')],
    ],
    timestamp: TIME_MS - 7,
  },
];
const WITHOUT_HEADER_VALUE: PlainRecord = {
  key: base64('k'),
  value: base64('a header without a value'),
  headers: [['null', null]],
  timestamp: TIME_MS,
};

describeWithPackages('A record that goes in through one door', CONFLUENT, () => {
  let scene: ClientScene;
  let doors: readonly RecordDoor[];

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '0' });
    const { bootstrapServers, restUrls } = scene.cluster;
    doors = [
      ...restUrls.slice(0, 1).map(restDoor),
      kafkaJsDoor(bootstrapServers),
      platformaticDoor(bootstrapServers),
      confluentDoor(bootstrapServers),
    ];
  }, START_MAX_MS);
  afterAll(() => scene?.close());

  it.each([
    { name: 'HTTP', topic: 'of-http', records: [...RECORDS, WITHOUT_HEADER_VALUE] },
    { name: 'KafkaJS', topic: 'of-kafkajs', records: RECORDS },
    { name: '@platformatic/kafka', topic: 'of-platformatic', records: [...RECORDS, WITHOUT_HEADER_VALUE] },
    { name: 'librdkafka', topic: 'of-librdkafka', records: [...RECORDS, WITHOUT_HEADER_VALUE] },
  ])(
    'is the same through every other, with $name',
    async ({ name, topic, records }) => {
      await scene.createTopic(topic);
      await doors.find((door) => door.name === name)?.produce(topic, records);
      const read = doors.map(async (door) => ({ door: door.name, records: await door.read(topic, records.length) }));
      expect(await Promise.all(read)).toEqual(doors.map((door) => ({ door: door.name, records })));
    },
    STEP_MAX_MS,
  );
});
