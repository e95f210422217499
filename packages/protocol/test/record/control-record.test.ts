import { describe, expect, it } from 'vitest';
import { encodeEndTransactionMarker, readControlRecord } from '../../src/record/control-record.ts';

const hex = (key: string, value: string) => ({ key: Buffer.from(key, 'hex'), value: Buffer.from(value, 'hex') });

describe('readControlRecord', () => {
  it('reads what was encoded', () => {
    expect(readControlRecord(encodeEndTransactionMarker('commit', 7))).toEqual({ kind: 'commit', coordinatorEpoch: 7 });
    expect(encodeEndTransactionMarker('abort', 1)).toEqual(hex('00000000', '000000000001'));
  });

  it('takes a later version for the first, with more after it', () => {
    expect(readControlRecord(hex('0001000100', '00010000000905'))).toEqual({ kind: 'commit', coordinatorEpoch: 9 });
  });

  it('names a type that ends no transaction, whatever its value', () => {
    expect(readControlRecord({ ...hex('00000002', ''), value: null })).toEqual({ kind: 'other', type: 2 });
  });

  it.each([
    ['a missing key', { key: null, value: Buffer.alloc(6) }],
    ['a short key', hex('000000', '000000000000')],
    ['a missing value', { key: Buffer.alloc(4), value: null }],
    ['a short value', hex('00000001', '0000000000')],
    ['a negative version', hex('ffff0001', '000000000000')],
  ])('refuses %s', (_, record) => {
    expect(() => readControlRecord(record)).toThrow(expect.objectContaining({ error: 'INVALID_RECORD' }));
  });
});
