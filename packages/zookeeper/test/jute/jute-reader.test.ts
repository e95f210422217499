import { describe, expect, it } from 'vitest';
import { JuteReader } from '../../src/jute/jute-reader.ts';
import { MalformedJuteError } from '../../src/jute/malformed-jute-error.ts';

const readerOf = (hex: string): JuteReader => new JuteReader(Buffer.from(hex, 'hex'));

describe('a JuteReader', () => {
  it('takes any byte but 0 for true', () => {
    const reader = readerOf('000102ff');
    expect([1, 2, 3, 4].map(() => reader.boolean())).toEqual([false, true, true, true]);
  });

  it.each([
    ['001fffffffffffff', 2 ** 53 - 1],
    ['ffe0000000000001', -(2 ** 53) + 1],
    ['ffffffffffffffff', -1],
  ])('reads the int64 %s as a number', (hex, value) => expect(readerOf(hex).safeInt64()).toBe(value));

  it.each([
    '0020000000000000',
    'ffe0000000000000',
    '7fffffffffffffff',
    '8000000000000000',
  ])('refuses the int64 %s as a number', (hex) => expect(() => readerOf(hex).safeInt64()).toThrow(MalformedJuteError));

  it('gives views, not copies', () => {
    const bytes = Buffer.from('000000020102', 'hex');
    expect(new JuteReader(bytes).bytes()?.buffer).toBe(bytes.buffer);
  });

  it('tells null from nothing where bytes and strings are concerned, and not in vectors', () => {
    const reader = readerOf('ffffffff00000000ffffffff00000000ffffffff00000000');
    expect([reader.bytes(), reader.bytes()]).toStrictEqual([null, Buffer.alloc(0)]);
    expect([reader.string(), reader.string()]).toStrictEqual([null, '']);
    expect([reader.vector(4, () => 1), reader.vector(4, () => 1)]).toStrictEqual([[], []]);
  });

  it('says where the value began that is wrong', () => {
    const reader = readerOf('0000000100000005aabb');
    reader.int32();
    expect(() => reader.bytes()).toThrow(expect.objectContaining({ name: 'MalformedJuteError', position: 4 }));
  });

  it.each([
    'fffffffe',
    '80000000',
    '00000001',
    '7fffffff',
  ])('believes no length of bytes that are not there: %s', (hex) => {
    expect(() => readerOf(hex).bytes()).toThrow(MalformedJuteError);
  });

  it.each([
    'fffffffe',
    '80000000',
    '00000001',
    '7fffffff',
  ])('believes no length of a vector without its items: %s', (hex) => {
    expect(() => readerOf(hex).vector(4, (reader) => reader.int32())).toThrow(MalformedJuteError);
  });
});
