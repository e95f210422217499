import { describe, expect, it } from 'vitest';
import { array, bytes, int32, records, string, struct } from '../../src/schema/field.ts';
import { GatherWriter } from '../../src/schema/gather-writer.ts';
import { message } from '../../src/schema/message.ts';

const Partition = struct({ index: int32('0+'), records: records('0+', { nullable: '0+' }) });
const Sample = message('Sample', '0-1', '1', {
  name: string('0+'),
  partitions: array('0+', Partition),
  first: bytes('1', { tag: 0 }),
  second: bytes('1', { tag: 1 }),
});

const gathered = (version: number, value: Parameters<typeof Sample.encode>[1]): GatherWriter => {
  const writer = new GatherWriter();
  writer.int32(7);
  Sample.write(version, writer, value);
  return writer;
};
const large = (fill: number): Buffer => Buffer.alloc(100_000, fill);

describe('GatherWriter', () => {
  const partitions = [
    { index: 1, records: large(1) },
    { index: 2, records: null },
    { index: 3, records: Buffer.from('small') },
    { index: 4, records: large(4) },
  ];

  it.each([0, 1])('gives in parts what encoding gives in one piece, in version %d', (version) => {
    const value = { name: 'topic', partitions };
    const writer = gathered(version, value);
    const whole = Buffer.concat([Buffer.from('00000007', 'hex'), Sample.encode(version, value)]);
    expect(Buffer.concat(writer.parts()).equals(whole)).toBe(true);
    expect(writer.sizeBytes).toBe(whole.length);
  });

  it('refers to large values and copies small ones', () => {
    const parts = gathered(0, { name: 'topic', partitions }).parts();
    expect(parts.map((part) => partitions.findIndex(({ records }) => records === part))).toEqual([-1, 0, -1, 3]);
  });

  it('counts large values in the sizes of tagged fields', () => {
    const value = { name: '', partitions: [], first: large(5), second: large(6) };
    const parts = gathered(1, value).parts();
    expect(Buffer.concat(parts).subarray(4).equals(Sample.encode(1, value))).toBe(true);
  });

  it('is one part where nothing is large, and none where nothing is written', () => {
    expect(gathered(0, { name: 'topic', partitions: [] }).parts()).toHaveLength(1);
    expect(new GatherWriter().parts()).toEqual([]);
  });
});
