import { describe, expect, it } from 'vitest';
import { JuteReader } from '../../src/jute/jute-reader.ts';
import { JuteWriter } from '../../src/jute/jute-writer.ts';
import { MalformedJuteError } from '../../src/jute/malformed-jute-error.ts';
import { INNER_CODES, OP_CODES } from '../../src/jute/op-codes.ts';
import { readTxn } from '../../src/jute/txn-reader.ts';

function txnOf(type: number, writeRecord: (writer: JuteWriter) => void): JuteReader {
  const writer = new JuteWriter();
  writer.int64(1n);
  writer.int32(2);
  writer.safeInt64(3);
  writer.safeInt64(4);
  writer.int32(type);
  writeRecord(writer);
  return new JuteReader(writer.finish());
}

const multiWith = (type: number, record: Uint8Array | null): JuteReader =>
  txnOf(OP_CODES.multi, (writer) => {
    writer.int32(1);
    writer.int32(type);
    writer.bytes(record);
  });

describe('readTxn', () => {
  it.each([0, 3, 4, 99, -2])('refuses type %i', (type) => {
    expect(() => readTxn(txnOf(type, () => {}))).toThrow(MalformedJuteError);
  });

  it.each([
    ['multi', OP_CODES.multi],
    ['createSession', INNER_CODES.createSession],
    ['closeSession', OP_CODES.closeSession],
    ['setACL', OP_CODES.setACL],
  ])('refuses a %s within a multi', (_name, type) => {
    expect(() => readTxn(multiWith(type, Buffer.alloc(64)))).toThrow(MalformedJuteError);
  });

  it('refuses a part without a record', () => {
    expect(() => readTxn(multiWith(OP_CODES.delete, null))).toThrow(MalformedJuteError);
  });

  it('does not read beyond a part', () => {
    const reader = txnOf(OP_CODES.multi, (writer) => {
      writer.int32(1);
      writer.int32(OP_CODES.delete);
      writer.bytes(Buffer.from('00000002', 'hex'));
      writer.int32(0x2f612f61);
    });
    expect(() => readTxn(reader)).toThrow(MalformedJuteError);
  });

  it('refuses a zxid that is no safe integer', () => {
    const writer = new JuteWriter();
    writer.int64(1n);
    writer.int32(2);
    writer.int64(2n ** 60n);
    writer.safeInt64(4);
    writer.int32(INNER_CODES.error);
    writer.int32(-1);
    expect(() => readTxn(new JuteReader(writer.finish()))).toThrow(MalformedJuteError);
  });
});
