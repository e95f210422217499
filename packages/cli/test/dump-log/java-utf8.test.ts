import { describe, expect, it } from 'vitest';
import { decodeJavaUtf8 } from '../../src/dump-log/java-utf8.ts';

const decoded = (hex: string): string => decodeJavaUtf8(Buffer.from(hex, 'hex')).replaceAll('\ufffd', '?');

describe('decodeJavaUtf8', () => {
  it('decodes what is well-formed, an honest U+FFFD included', () => {
    expect(decodeJavaUtf8(Buffer.from('größe 日本 😀 \ufffd'))).toBe('größe 日本 😀 \ufffd');
  });

  // As a JVM decoded them.
  it.each([
    ['a surrogate', 'eda080', '?'],
    ['a pair of them', 'eda080edb080', '??'],
    ['a surrogate that ends too early', 'eda041', '?A'],
    ['the same at the end', '41eda0', 'A?'],
    ['a three-byte form that ends too early', 'e697', '?'],
    ['the same before a letter', 'e69741', '?A'],
    ['an overlong form', 'e08080', '???'],
    ['a code point beyond the last', 'f4908080', '????'],
    ['a four-byte form that ends too early', 'f09f98', '?'],
    ['bytes that lead nothing', 'c1f8ff80', '????'],
  ])('puts as many U+FFFD as Java for %s', (_, hex, text) => {
    expect(decoded(hex)).toBe(text);
  });

  it('decodes a part of a buffer', () => {
    expect(decodeJavaUtf8(Buffer.from('one größe two'), 4, 11)).toBe('größe');
  });
});
