/** Fields whose size does not depend on the value. All are big-endian; a bool is one byte; a uuid is 16 raw bytes. */
import { type Codec, inWords } from './codec.ts';
import { FieldFault } from './message-errors.ts';

export type FixedName = 'bool' | 'int8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'float64' | 'uuid';

/** The uuid that stands for none. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** 128 bits in 22 characters leave four bits over, which are zero. */
const UUID = /^[\w-]{21}[AQgw]$/;

const unfit = (value: unknown, type: string): FieldFault =>
  new FieldFault(`${inWords(value)} is not ${type}`, -1, 'INVALID_REQUEST');

const integer =
  (type: string, min: number, max: number) =>
  (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) throw unfit(value, type);
    return value;
  };

const int8 = integer('an int8', -0x80, 0x7f);
const int16 = integer('an int16', -0x8000, 0x7fff);
const uint16 = integer('a uint16', 0, 0xffff);
const int32 = integer('an int32', -0x8000_0000, 0x7fff_ffff);
const uint32 = integer('a uint32', 0, 0xffff_ffff);

const int64 = (value: unknown): bigint => {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw unfit(value, 'an int64 (a bigint)');
  return value;
};
const float64 = (value: unknown): number => {
  if (typeof value !== 'number') throw unfit(value, 'a float64');
  return value;
};
const bool = (value: unknown): number => {
  if (typeof value !== 'boolean') throw unfit(value, 'a bool');
  return value ? 1 : 0;
};
const uuid = (value: unknown): string => {
  if (typeof value !== 'string' || !UUID.test(value)) throw unfit(value, 'a uuid');
  return value;
};

export const FIXED_CODECS: Readonly<Record<FixedName, Codec>> = {
  bool: { minBytes: 1, read: (reader) => reader.int8() !== 0, write: (writer, value) => writer.int8(bool(value)) },
  int8: { minBytes: 1, read: (reader) => reader.int8(), write: (writer, value) => writer.int8(int8(value)) },
  int16: { minBytes: 2, read: (reader) => reader.int16(), write: (writer, value) => writer.int16(int16(value)) },
  uint16: { minBytes: 2, read: (reader) => reader.uint16(), write: (writer, value) => writer.uint16(uint16(value)) },
  int32: { minBytes: 4, read: (reader) => reader.int32(), write: (writer, value) => writer.int32(int32(value)) },
  uint32: { minBytes: 4, read: (reader) => reader.uint32(), write: (writer, value) => writer.uint32(uint32(value)) },
  int64: { minBytes: 8, read: (reader) => reader.int64(), write: (writer, value) => writer.int64(int64(value)) },
  float64: {
    minBytes: 8,
    read: (reader) => reader.float64(),
    write: (writer, value) => writer.float64(float64(value)),
  },
  uuid: { minBytes: 16, read: (reader) => reader.uuid(), write: (writer, value) => writer.uuid(uuid(value)) },
};
