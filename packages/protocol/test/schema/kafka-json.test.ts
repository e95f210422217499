import { describe, expect, it } from 'vitest';
import { bytes, float64, int32, int64, string } from '../../src/schema/field.ts';
import { JsonDouble, toKafkaJson } from '../../src/schema/kafka-json.ts';
import { formatKafkaJson } from '../../src/schema/kafka-json-text.ts';
import { message } from '../../src/schema/message.ts';
import { UnsupportedMessageVersionError } from '../../src/schema/message-errors.ts';

const Sample = message('Sample', '0-2', '1+', {
  big: int64('0+'),
  old: int32('0'),
  tagged: int32('1+', { tag: 0, default: 4 }),
  text: string('0+', { nullable: '0+' }),
  raw: bytes('0+'),
  ratio: float64('2+', { default: 1 }),
});
const value = { big: 2n ** 62n, old: 0, text: null, raw: Buffer.from([255]) };

describe('toKafkaJson', () => {
  it('shows the fields of the version in the order of the schema', () => {
    expect(formatKafkaJson(toKafkaJson(Sample, 0, value))).toBe(
      '{"big":4611686018427387904,"old":0,"text":null,"raw":"/w=="}',
    );
  });

  it('shows a tagged field only where it is not the default', () => {
    expect(Object.keys(toKafkaJson(Sample, 1, { ...value, tagged: 4 }))).not.toContain('tagged');
    expect(formatKafkaJson(toKafkaJson(Sample, 2, { ...value, tagged: 5 }))).toBe(
      '{"big":4611686018427387904,"tagged":5,"text":null,"raw":"/w==","ratio":1.0}',
    );
  });

  it('throws on a version that the message does not have', () => {
    expect(() => toKafkaJson(Sample, 3, value)).toThrow(UnsupportedMessageVersionError);
  });
});

describe('formatKafkaJson', () => {
  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [0.00025, '2.5E-4'],
    [9_999_999, '9999999.0'],
    [10_000_000, '1.0E7'],
    [1.5e300, '1.5E300'],
    [Number.NaN, '"NaN"'],
    [Number.NEGATIVE_INFINITY, '"-Infinity"'],
  ])('prints the double %d as Java does', (number, text) => {
    expect(formatKafkaJson(new JsonDouble(number))).toBe(text);
  });

  it.each([
    ['"\\/', '"\\"\\\\/"'],
    ['\n\t\b\f\r', '"\\n\\t\\b\\f\\r"'],
    ['\u001f', '"\\u001F"'],
    ['\\u001f', '"\\\\u001f"'],
    ['größe 日本 😀\u007f', '"größe 日本 😀\u007f"'],
  ])('escapes %o as Jackson does', (string_, text) => {
    expect(formatKafkaJson(string_)).toBe(text);
  });
});
