import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../src/internal-topics/consumer-protocol.ts';
import { toKafkaJson } from '../../src/schema/kafka-json.ts';
import { formatKafkaJson } from '../../src/schema/kafka-json-text.ts';
import { MalformedMessageError, UnsupportedMessageVersionError } from '../../src/schema/message-errors.ts';

type Sample = { readonly kind: string; readonly version: number; readonly json: object; readonly hex: string };

const GOLDEN = readFileSync(new URL('../../../../test/golden/client/consumer-protocol.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample);
const goldenOf = (kind: string): Sample[] => GOLDEN.filter((sample) => sample.kind === kind);

describe("Kafka's subscriptions", () => {
  it.each(goldenOf('subscription'))('decode and come back: $version $hex', ({ version, json, hex }) => {
    const decoded = decodeSubscription(Buffer.from(hex, 'hex'));
    expect(decoded.version).toBe(version);
    expect(formatKafkaJson(toKafkaJson(ConsumerProtocolSubscription, version, decoded.data))).toBe(
      JSON.stringify(json),
    );
    expect(encodeSubscription(decoded.data, version).toString('hex')).toBe(hex);
  });
});

describe("Kafka's assignments", () => {
  it.each(goldenOf('assignment'))('decode and come back: $version $hex', ({ version, json, hex }) => {
    const decoded = decodeAssignment(Buffer.from(hex, 'hex'));
    expect(decoded.version).toBe(version);
    expect(formatKafkaJson(toKafkaJson(ConsumerProtocolAssignment, version, decoded.data))).toBe(JSON.stringify(json));
    expect(encodeAssignment(decoded.data, version).toString('hex')).toBe(hex);
  });
});

describe('decodeSubscription', () => {
  it('takes what it knows of a higher version and ignores the rest', () => {
    const bytes = Buffer.concat([encodeSubscription({ topics: ['t'], rackId: 'r' }), Buffer.from('more')]);
    bytes.writeInt16BE(9);
    expect(decodeSubscription(bytes)).toMatchObject({ version: 9, data: { topics: ['t'], rackId: 'r' } });
  });

  it('ignores a tail in a version that it knows', () => {
    const bytes = Buffer.concat([encodeSubscription({ topics: ['t'] }, 0), Buffer.from('more')]);
    expect(decodeSubscription(bytes)).toMatchObject({ version: 0, data: { topics: ['t'], ownedPartitions: [] } });
  });

  it('throws on bytes that are cut, and on none', () => {
    const bytes = encodeSubscription({ topics: ['t'] });
    expect(() => decodeSubscription(bytes.subarray(0, bytes.length - 1))).toThrow(MalformedMessageError);
    expect(() => decodeSubscription(Buffer.alloc(0))).toThrow(MalformedMessageError);
  });

  it('throws on a negative version', () => {
    expect(() => decodeSubscription(Buffer.from('ffff00000000ffffffff', 'hex'))).toThrow(
      UnsupportedMessageVersionError,
    );
  });
});
