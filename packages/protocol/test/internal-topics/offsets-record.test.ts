import { describe, expect, it } from 'vitest';
import { decodeAssignment, decodeSubscription } from '../../src/internal-topics/consumer-protocol.ts';
import { GroupMetadataValue } from '../../src/internal-topics/group-metadata.ts';
import { OffsetCommitKey, OffsetCommitValue } from '../../src/internal-topics/offset-commit.ts';
import {
  decodeOffsetsRecord,
  encodeGroupMetadata,
  encodeOffsetCommit,
  type KeyAndValue,
  type OffsetsRecord,
} from '../../src/internal-topics/offsets-record.ts';
import { encodeVersioned } from '../../src/internal-topics/versioned.ts';
import { MalformedMessageError, UnsupportedMessageVersionError } from '../../src/schema/message-errors.ts';
import { type GoldenRecord, goldenRecordsOf, plain } from './golden-records.ts';

const GOLDEN = goldenRecordsOf('__consumer_offsets');

const encodedAgain = (record: OffsetsRecord): KeyAndValue => {
  if (record.type === 'offset-commit') return encodeOffsetCommit(record.key.data, record.value?.data ?? null);
  if (record.type === 'group-metadata') return encodeGroupMetadata(record.key.data, record.value?.data ?? null);
  throw new Error(`key version ${record.keyVersion}`);
};

const expectDecoded = (record: OffsetsRecord, { expected }: GoldenRecord): void => {
  if (record.type === 'unknown') throw new Error(`key version ${record.keyVersion}`);
  expect(record.key).toEqual({ version: expected.keyVersion, data: expected.key });
  if (record.value === null || expected.value === null) {
    expect(expected.value).toBe(record.value);
    return;
  }
  expect(record.value.version).toBe(expected.valueVersion);
  expect(plain(record.value.data)).toMatchObject(withoutReadings(expected.value));
};

/** The golden value of a group also has each member's bytes decoded, which the record itself does not. */
const withoutReadings = (value: NonNullable<GoldenRecord['expected']['value']>): object =>
  value.members === undefined
    ? value
    : {
        ...value,
        members: value.members.map(
          ({
            subscriptionVersion: _,
            subscriptionDecoded: __,
            assignmentVersion: ___,
            assignmentDecoded: ____,
            ...member
          }) => member,
        ),
      };

describe("the records of Kafka's __consumer_offsets", () => {
  it('are there', () => {
    expect(GOLDEN.length).toBeGreaterThan(60);
    expect(GOLDEN.some(({ value }) => value === null)).toBe(true);
  });

  it('decode to what Kafka decodes', () => {
    for (const golden of GOLDEN) expectDecoded(decodeOffsetsRecord(golden.key, golden.value), golden);
  });

  it('come back byte for byte', () => {
    for (const { key, value } of GOLDEN) {
      expect(encodedAgain(decodeOffsetsRecord(key, value))).toEqual({ key, value });
    }
  });

  it('hold subscriptions and assignments that Kafka reads in the same way', () => {
    const members = GOLDEN.flatMap(({ expected }) => expected.value?.members ?? []);
    for (const member of members) {
      const subscription = decodeSubscription(Buffer.from(member.subscription, 'base64'));
      expect(subscription.version).toBe(member.subscriptionVersion);
      expect(plain(subscription.data)).toMatchObject(member.subscriptionDecoded ?? {});
      const assignment = decodeAssignment(Buffer.from(member.assignment, 'base64'));
      expect(assignment.version).toBe(member.assignmentVersion);
      expect(plain(assignment.data)).toMatchObject(member.assignmentDecoded ?? {});
    }
    expect(members.length).toBeGreaterThan(20);
  });
});

const KEY = { group: 'g', topic: 't', partition: 1 };
const OFFSET = { offset: 5n, leaderEpoch: 2, metadata: 'm', commitTimestamp: 10n };

describe('decodeOffsetsRecord', () => {
  it.each([3, 8, -1, 0x7fff])('answers that a key of version %d is unknown', (keyVersion) => {
    const key = Buffer.alloc(4);
    key.writeInt16BE(keyVersion);
    expect(decodeOffsetsRecord(key, Buffer.alloc(9))).toEqual({ type: 'unknown', keyVersion });
  });

  it('reads a key of version 0 like one of version 1', () => {
    const key = encodeVersioned(OffsetCommitKey, 0, KEY);
    expect(decodeOffsetsRecord(key, null)).toEqual({
      type: 'offset-commit',
      key: { version: 0, data: KEY },
      value: null,
    });
  });

  it.each([0, 1, 2, 3, 4])('reads an offset of version %d', (version) => {
    const { key } = encodeOffsetCommit(KEY, null);
    const value = encodeVersioned(OffsetCommitValue, version, OFFSET);
    const expected = { ...OFFSET, leaderEpoch: version >= 3 ? 2 : -1, expireTimestamp: -1n };
    expect(decodeOffsetsRecord(key, value)).toMatchObject({ value: { version, data: expected } });
  });

  it.each([0, 1, 2, 3, 4])('reads a group of version %d', (version) => {
    const member = { memberId: 'a', clientId: 'b', clientHost: '/1', rebalanceTimeout: 3, sessionTimeout: 4 };
    const members = [{ ...member, subscription: Buffer.from('s'), assignment: Buffer.from('a') }];
    const group = { protocolType: 'consumer', generation: 4, protocol: 'range', leader: 'a', members };
    const { key } = encodeGroupMetadata({ group: 'g' }, null);
    const data = {
      ...group,
      currentStateTimestamp: -1n,
      members: [{ ...members[0], groupInstanceId: null, rebalanceTimeout: version >= 1 ? 3 : 0 }],
    };
    const value = encodeVersioned(GroupMetadataValue, version, group);
    expect(decodeOffsetsRecord(key, value)).toMatchObject({ value: { version, data } });
  });

  it('throws on a value of an unknown version', () => {
    const { key } = encodeOffsetCommit(KEY, null);
    expect(() => decodeOffsetsRecord(key, Buffer.from('0005', 'hex'))).toThrow(UnsupportedMessageVersionError);
  });

  it.each([
    '',
    '00',
    '0001',
    '000100016700017400',
    '00010001670001740000000100',
  ])('throws on a key that is cut or too long: %s', (hex) => {
    expect(() => decodeOffsetsRecord(Buffer.from(hex, 'hex'), null)).toThrow(MalformedMessageError);
  });

  it('counts the version in the position of an error', () => {
    const { key } = encodeOffsetCommit(KEY, null);
    expect(() => decodeOffsetsRecord(key, Buffer.alloc(4))).toThrow(
      'OffsetCommitValue v0, offset: 8 bytes are needed, 2 are left (at byte 2)',
    );
  });
});

describe('encodeOffsetCommit', () => {
  it('writes version 1, which can carry it, where there is an expireTimestamp', () => {
    const { key, value } = encodeOffsetCommit(KEY, { ...OFFSET, expireTimestamp: 99n });
    expect(decodeOffsetsRecord(key, value)).toMatchObject({
      key: { version: 1 },
      value: { version: 1, data: { expireTimestamp: 99n, leaderEpoch: -1 } },
    });
  });
});
