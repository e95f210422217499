import { describe, expect, it } from 'vitest';
import { array, int8, int32, nested, string, struct } from '../../src/schema/field.ts';
import { message } from '../../src/schema/message.ts';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';

const Place = struct({ x: int8('0+', { default: -1 }) });
const Sample = message('Sample', '0-2', '1+', {
  late: int8('1+', { tag: 2 }),
  early: string('1+', { tag: 0, nullable: '1+' }),
  place: nested('1+', Place, { tag: 5, nullable: '1+' }),
  list: array('0+', int32, { tag: 7, tagged: '2+' }),
});
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('tagged fields', () => {
  it('are left out where they have their default', () => {
    expect(Sample.encode(2, { late: 0, early: '', place: { x: -1 }, list: [] })).toEqual(hex('00'));
    expect(Sample.decode(2, hex('00'))).toEqual({ late: 0, early: '', place: { x: -1 }, list: [] });
  });

  it('are written by rising tag, each with its size', () => {
    const value = { late: 3, early: 'ab', place: { x: 4 }, list: [1] };
    const bytes = hex('04 00 03 036162 02 01 03 05 03 01 04 00 07 05 02 00000001');
    expect(Sample.encode(2, value)).toEqual(bytes);
    expect(Sample.decode(2, bytes)).toEqual(value);
  });

  it('can carry a null that is not the default', () => {
    const value = { late: 0, early: null, place: null, list: [] };
    expect(Sample.encode(2, value)).toEqual(hex('02 00 01 00 05 01 ff'));
    expect(Sample.decode(2, Sample.encode(2, value))).toEqual(value);
  });

  it('stand in their place in versions in which they are not tagged', () => {
    expect(Sample.encode(1, { list: [1] })).toEqual(hex('02 00000001 00'));
    expect(Sample.encode(0, { list: [1] })).toEqual(hex('00000001 00000001'));
  });

  it('get a size of several bytes where they are long', () => {
    const early = 'x'.repeat(200);
    const bytes = Sample.encode(2, { early });
    expect(bytes.subarray(0, 6)).toEqual(hex('01 00 ca01 c901'));
    expect(Sample.decode(2, bytes).early).toBe(early);
  });

  it('that are unknown are kept, and written again in their order', () => {
    const bytes = hex('04 01 00 02 01 09 06 02 aabb e807 01 ff');
    const value = Sample.decode(2, bytes);
    expect(value.late).toBe(9);
    expect(value.unknownTags?.map(({ tag }) => tag)).toEqual([1, 6, 1000]);
    expect(Sample.encode(2, value)).toEqual(bytes);
  });

  it.each([
    ['are not in rising order', '02 06 00 06 00', 'tag 6 follows tag 6'],
    ['claim more than they have', '01 02 02 0900', 'tag 2 takes 1 bytes and claims 2'],
    ['claim less than they have', '01 00 01 026100', 'tag 0 takes 2 bytes and claims 1'],
    ['are counted beyond what is there', 'ffffffff0f', '4294967295 tagged fields do not fit in the rest'],
    ['have a size beyond what is there', '01 09 05 00', '5 bytes are needed, 1 are left'],
  ])('are malformed where they %s', (_, text, reason) => {
    expect(() => Sample.decode(2, hex(text))).toThrow(MalformedMessageError);
    expect(() => Sample.decode(2, hex(text))).toThrow(reason);
  });

  it.each([
    ['of a known field', [2]],
    ['in falling order', [9, 8]],
    ['twice', [9, 9]],
  ])('that are unknown cannot have a tag %s', (_, tags) => {
    const unknownTags = tags.map((tag) => ({ tag, bytes: Buffer.alloc(0) }));
    expect(() => Sample.encode(2, { unknownTags })).toThrow(/tag \d is not free here/);
  });
});
