import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readUnsignedVarint,
  readVarint,
  readVarlong,
  sizeOfUnsignedVarint,
  sizeOfVarint,
  sizeOfVarlong,
  VarintError,
  writeUnsignedVarint,
  writeVarint,
  writeVarlong,
} from '../../src/record/varint.ts';

const cursorOver = (hex: string) => {
  const bytes = Buffer.from(hex, 'hex');
  return { bytes, at: 0, end: bytes.length };
};

const forms = [
  ['unsigned varint', readUnsignedVarint, writeUnsignedVarint, sizeOfUnsignedVarint, fc.nat(0xffff_ffff)],
  ['varint', readVarint, writeVarint, sizeOfVarint, fc.integer()],
  ['varlong', readVarlong, writeVarlong, sizeOfVarlong, fc.maxSafeInteger()],
] as const;

describe.each(forms)('%s', (_, read, write, sizeOf, values) => {
  it('reads back what was written, over as many bytes as it said', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = Buffer.alloc(12);
        const end = write(bytes, value, 1);
        const cursor = { bytes, at: 1, end };
        expect(end - 1).toBe(sizeOf(value));
        expect(read(cursor)).toBe(value);
        expect(cursor.at).toBe(end);
      }),
    );
  });

  it('refuses to read beyond the end, even where the buffer goes on', () => {
    expect(() => read({ ...cursorOver('808001'), end: 2 })).toThrow(VarintError);
    expect(() => read(cursorOver(''))).toThrow(VarintError);
  });

  it('reads any bytes as a value or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (array) => {
        const cursor = { bytes: Buffer.from(array), at: 0, end: array.length };
        try {
          expect(Number.isSafeInteger(read(cursor))).toBe(true);
          expect(cursor.at).toBeLessThanOrEqual(cursor.end);
        } catch (error) {
          expect(error).toBeInstanceOf(VarintError);
        }
      }),
    );
  });
});

describe('readVarint', () => {
  it.each([
    ['00', 0],
    ['01', -1],
    ['02', 1],
    ['7f', -64],
    ['8001', 64],
    ['feffffff0f', 2147483647],
    ['ffffffff0f', -2147483648],
  ])('reads %s as %d', (hex, value) => {
    expect(readVarint(cursorOver(hex))).toBe(value);
  });

  it.each(['ffffffff10', 'ffffffffff01', '808080808000'])('refuses %s, which has more than 32 bits', (hex) => {
    expect(() => readVarint(cursorOver(hex))).toThrow('32 bits');
  });
});

describe('readVarlong', () => {
  it.each([
    ['01', -1],
    ['8080808010', 2 ** 31],
    ['feffffffffffff1f', Number.MAX_SAFE_INTEGER],
    ['fdffffffffffff1f', Number.MIN_SAFE_INTEGER],
  ])('reads %s as %d', (hex, value) => {
    expect(readVarlong(cursorOver(hex))).toBe(value);
  });

  it('refuses what a number cannot hold exactly', () => {
    expect(() => readVarlong(cursorOver('8080808080808020'))).toThrow('2^53');
    expect(() => readVarlong(cursorOver('ffffffffffffff1f'))).toThrow('2^53');
    expect(() => readVarlong(cursorOver('feffffffffffffffff01'))).toThrow('2^53');
  });

  it('refuses more than 64 bits', () => {
    expect(() => readVarlong(cursorOver('80808080808080808002'))).toThrow('64 bits');
    expect(() => readVarlong(cursorOver('8080808080808080808001'))).toThrow('64 bits');
  });
});
