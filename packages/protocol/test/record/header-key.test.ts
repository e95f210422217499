import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeaderKey, encodeHeaderKey } from '../../src/record/header-key.ts';

describe('decodeHeaderKey', () => {
  it('reads UTF-8, a replacement character among it', () => {
    for (const key of ['', 'trace-id', 'größe-日本', '😀', 'a\ufffdb', '\ufeffbom']) {
      expect(decodeHeaderKey(Buffer.from(key))).toBe(key);
    }
  });

  it('keeps each byte that is not UTF-8 as a lone surrogate, and the rest as it is', () => {
    expect(decodeHeaderKey(Buffer.from([0x61, 0xff, 0xc3, 0xbc, 0xe2, 0x82]))).toBe('a\udcffü\udce2\udc82');
  });
});

describe('encodeHeaderKey', () => {
  it('gives back any bytes that were decoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (array) => {
        const bytes = Buffer.from(array);
        expect(encodeHeaderKey(decodeHeaderKey(bytes))).toEqual(bytes);
      }),
    );
  });

  it('gives back a valid key amid bytes that are not', () => {
    const bytes = Buffer.concat([Buffer.from('日本'), Buffer.from([0xf0, 0x9f, 0x80]), Buffer.from('😀')]);
    expect(encodeHeaderKey(decodeHeaderKey(bytes))).toEqual(bytes);
  });

  it('makes a replacement character of a surrogate that stands for no byte', () => {
    expect(encodeHeaderKey('a\ud800')).toEqual(Buffer.from('a\ufffd'));
  });
});
