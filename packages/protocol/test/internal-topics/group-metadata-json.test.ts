import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GroupMetadataKey, type GroupMetadataValue } from '../../src/internal-topics/group-metadata.ts';
import { groupMetadataJson } from '../../src/internal-topics/group-metadata-json.ts';
import { OffsetCommitKey, OffsetCommitValue } from '../../src/internal-topics/offset-commit.ts';
import { decodeOffsetsRecord, type OffsetsRecord } from '../../src/internal-topics/offsets-record.ts';
import { type KafkaJson, toKafkaJson } from '../../src/schema/kafka-json.ts';
import { formatKafkaJson } from '../../src/schema/kafka-json-text.ts';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';
import { goldenRecordsOf } from './golden-records.ts';

const GOLDEN = goldenRecordsOf('__consumer_offsets');
const DUMPED_RECORD = /^\| offset: (\d+) .* key: (\{.*\}) payload: (.*)$/;

const wrapped = (version: KafkaJson, data: KafkaJson, label: string): string =>
  formatKafkaJson({ [label]: String(version), data });

const keyText = (record: OffsetsRecord): string => {
  switch (record.type) {
    case 'offset-commit':
      return wrapped(record.key.version, toKafkaJson(OffsetCommitKey, record.key.version, record.key.data), 'type');
    case 'group-metadata':
      return wrapped(record.key.version, toKafkaJson(GroupMetadataKey, record.key.version, record.key.data), 'type');
    case 'unknown':
      throw new Error(`key version ${record.keyVersion}`);
  }
};

const payloadText = (record: OffsetsRecord): string => {
  if (record.type === 'unknown' || record.value === null) return '<DELETE>';
  const { version } = record.value;
  if (record.type === 'group-metadata') return wrapped(version, groupMetadataJson(record.value), 'version');
  return wrapped(version, toKafkaJson(OffsetCommitValue, version, record.value.data), 'version');
};

describe('the JSON of the offsets decoder', () => {
  it.each([
    ['10.txt', '__consumer_offsets-4'],
    ['11.txt', '__consumer_offsets-1'],
  ])("is what Kafka's tool printed: %s", (file, partition) => {
    const text = readFileSync(new URL(`../../../../test/golden/dump-log/${file}`, import.meta.url), 'utf8');
    const records = new Map(
      GOLDEN.filter((golden) => golden.file.includes(partition)).map((golden) => [golden.offset, golden]),
    );
    const dumped = text.split('\n').flatMap((line) => DUMPED_RECORD.exec(line) ?? []);
    expect(dumped.length / 4).toBe(records.size);
    for (let at = 0; at < dumped.length; at += 4) {
      const golden = records.get(Number(dumped[at + 1]));
      if (golden === undefined) throw new Error(`no record at ${dumped[at + 1]}`);
      const record = decodeOffsetsRecord(golden.key, golden.value);
      expect(keyText(record)).toBe(dumped[at + 2]);
      expect(payloadText(record)).toBe(dumped[at + 3]);
    }
  });
});

const GROUP: GroupMetadataValue = {
  protocolType: 'connect',
  generation: 1,
  protocol: null,
  leader: null,
  currentStateTimestamp: 1n,
  members: [
    {
      memberId: 'm',
      groupInstanceId: null,
      clientId: 'c',
      clientHost: 'h',
      rebalanceTimeout: 1,
      sessionTimeout: 1,
      subscription: Buffer.from([1]),
      assignment: Buffer.alloc(0),
    },
  ],
};

describe('groupMetadataJson', () => {
  it('leaves the bytes of other protocols in base64', () => {
    expect(groupMetadataJson({ version: 3, data: GROUP })).toMatchObject({
      members: [{ subscription: 'AQ==', assignment: '' }],
    });
  });

  it('throws where a consumer has bytes that are not of its protocol', () => {
    expect(() => groupMetadataJson({ version: 3, data: { ...GROUP, protocolType: 'consumer' } })).toThrow(
      MalformedMessageError,
    );
  });
});
