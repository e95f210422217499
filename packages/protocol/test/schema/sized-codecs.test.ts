import { describe, expect, it } from 'vitest';
import { array, bytes, int16, int64, nested, string, struct } from '../../src/schema/field.ts';
import { message } from '../../src/schema/message.ts';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';

const Pair = struct({ a: int64('0+'), b: int16('0+') });
const Text = message('Text', '0-1', '1', { field: string('0+', { nullable: '0+' }) });
const Raw = message('Raw', '0-1', '1', { field: bytes('0+', { nullable: '0+' }) });
const List = message('List', '0-1', '1', { field: array('0+', Pair, { nullable: '0+' }) });
const Strict = message('Strict', '0-1', '1', { field: string('0+') });
const Maybe = message('Maybe', '0', 'none', { field: nested('0+', Pair, { nullable: '0+' }) });
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('a field with a size', () => {
  it.each([
    [0, Text, 'é', '0002 c3a9'],
    [0, Text, null, 'ffff'],
    [1, Text, 'é', '03 c3a9 00'],
    [1, Text, null, '00 00'],
    [0, Raw, hex('01'), '00000001 01'],
    [0, Raw, null, 'ffffffff'],
    [1, Raw, hex('01'), '02 01 00'],
    [0, List, [{ a: 1n, b: 2 }], '00000001 0000000000000001 0002'],
    [0, List, null, 'ffffffff'],
    [1, List, [{ a: 1n, b: 2 }], '02 0000000000000001 0002 00 00'],
    [1, List, null, '00 00'],
  ] as const)('has the form of version %d of %o', (version, schema, field, text) => {
    expect(schema.encode(version, { field } as never)).toEqual(hex(text));
    expect(schema.decode(version, hex(text))).toEqual({ field });
  });

  it.each([
    [0, Text, 'fffe', 'a negative length'],
    [0, Text, '0003 6161', 'a string longer than the rest'],
    [1, Text, `818002 ${'61'.repeat(0x8000)} 00`, 'a string of more than 32767 bytes'],
    [0, Strict, 'ffff', 'a null that is not allowed'],
    [1, Strict, '00 00', 'a compact null that is not allowed'],
    [0, Raw, '7fffffff 00', 'bytes beyond the rest'],
    [1, Raw, 'ffffffff0f 00', 'compact bytes beyond the rest'],
    [1, Raw, 'ffffffffff01', 'a varint of more than 32 bits'],
    [1, Raw, 'ffffffff1f', 'a fifth byte with more than four bits'],
    [0, List, '7fffffff 00', 'more elements than there are bytes'],
    [0, List, `00000002 ${'00'.repeat(19)}`, 'more elements than their smallest form has room for'],
    [0, Maybe, '02 0000000000000001 0002', 'a presence byte that is neither 1 nor -1'],
  ] as const)('is malformed (version %d of %o, %s): %s', (version, schema, text, _) => {
    expect(() => schema.decode(version, hex(text))).toThrow(MalformedMessageError);
  });

  it('refuses a count before it reads a single element', () => {
    expect(() => List.decode(0, hex(`00000002 ${'00'.repeat(19)}`))).toThrow(
      'List v0, field: 2 elements need 20 bytes at least, 19 are left (at byte 4)',
    );
  });

  it('reads invalid UTF-8 as replacement characters', () => {
    expect(Text.decode(0, hex('0003 61ff62')).field).toBe('a\ufffdb');
  });

  it('decodes bytes as a view', () => {
    const encoded = Raw.encode(0, { field: hex('0102') });
    const { field } = Raw.decode(0, encoded);
    encoded[4] = 9;
    expect(field).toEqual(hex('0902'));
  });
});

describe('a struct that may be null', () => {
  it('has a byte that tells whether it is there', () => {
    expect(Maybe.encode(0, { field: null })).toEqual(hex('ff'));
    expect(Maybe.encode(0, { field: { a: 1n, b: 2 } })).toEqual(hex('01 0000000000000001 0002'));
    expect(Maybe.decode(0, hex('ff'))).toEqual({ field: null });
    expect(Maybe.decode(0, hex('01 0000000000000001 0002'))).toEqual({ field: { a: 1n, b: 2 } });
  });
});
