/**
 * Fields that begin with a length or a count.
 *
 *   plain     string: int16 length    bytes, records: int32 length    array: int32 count      null is -1
 *   compact   an unsigned varint of the length or count plus one                              null is 0
 *
 * The compact form belongs to the flexible versions. A string has at most 32767 bytes in both.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type Codec, inWords } from './codec.ts';
import { FieldFault, faultIn } from './message-errors.ts';

/** Which of the forms a field has in a version. */
export type SizedForm = { readonly compact: boolean; readonly nullable: boolean };

const MAX_STRING_BYTES = 0x7fff;
const MAX_SIZE = 0x7fff_ffff;

type SizeCodec = {
  readonly minBytes: number;
  /** -1 for null. */
  readonly read: (reader: ByteReader) => number;
  readonly write: (writer: ByteWriter, size: number) => void;
};

const COMPACT: SizeCodec = {
  minBytes: 1,
  read: (reader) => reader.uvarint() - 1,
  write: (writer, size) => writer.uvarint(size + 1),
};
const INT16: SizeCodec = {
  minBytes: 2,
  read: (reader) => reader.int16(),
  write: (writer, size) => writer.int16(size),
};
const INT32: SizeCodec = {
  minBytes: 4,
  read: (reader) => reader.int32(),
  write: (writer, size) => writer.int32(size),
};

/** A codec with a size in front; it takes care of null, and of sizes that cannot be. */
const sized = (
  size: SizeCodec,
  nullable: boolean,
  readContent: (reader: ByteReader, size: number) => unknown,
  writeContent: (writer: ByteWriter, value: unknown) => void,
): Codec => ({
  minBytes: size.minBytes,
  read: (reader) => {
    const from = reader.position;
    const count = size.read(reader);
    if (count >= 0) return readContent(reader, count);
    if (count < -1) reader.fail(`a size of ${count}`, from);
    if (!nullable) reader.fail('null is not allowed here', from);
    return null;
  },
  write: (writer, value) => {
    if (value !== null) writeContent(writer, value);
    else if (nullable) size.write(writer, -1);
    else throw new FieldFault('null is not allowed here');
  },
});

export const stringCodec = ({ compact, nullable }: SizedForm): Codec => {
  const size = compact ? COMPACT : INT16;
  return sized(
    size,
    nullable,
    (reader, length) => {
      if (length > MAX_STRING_BYTES) reader.fail(`a string of ${length} bytes`);
      return reader.utf8(length);
    },
    (writer, value) => {
      if (typeof value !== 'string') throw new FieldFault(`${inWords(value)} is not a string`);
      const length = Buffer.byteLength(value, 'utf8');
      if (length > MAX_STRING_BYTES) throw new FieldFault(`a string of ${length} bytes is too long`);
      size.write(writer, length);
      writer.utf8(value, length);
    },
  );
};

/** For `bytes` and `records`. What is read is a view of the message's own memory. */
export const bytesCodec = ({ compact, nullable }: SizedForm): Codec => {
  const size = compact ? COMPACT : INT32;
  return sized(
    size,
    nullable,
    (reader, length) => reader.slice(length),
    (writer, value) => {
      if (!(value instanceof Uint8Array)) throw new FieldFault(`${inWords(value)} is not a Uint8Array`);
      if (value.length >= MAX_SIZE) throw new FieldFault(`${value.length} bytes are too many`);
      size.write(writer, value.length);
      writer.raw(value);
    },
  );
};

const readElements = (reader: ByteReader, count: number, element: Codec): unknown[] => {
  // Invariant: nothing is allocated for a count that the bytes cannot hold.
  const atLeast = count * Math.max(1, element.minBytes);
  if (atLeast > reader.remaining) {
    reader.fail(`${count} elements need ${atLeast} bytes at least, ${reader.remaining} are left`);
  }
  reader.takeElements(count);
  const elements: unknown[] = [];
  try {
    while (elements.length < count) elements.push(element.read(reader));
  } catch (thrown) {
    throw faultIn(elements.length, thrown);
  }
  return elements;
};

export const arrayCodec = (element: Codec, { compact, nullable }: SizedForm): Codec => {
  const size = compact ? COMPACT : INT32;
  return sized(
    size,
    nullable,
    (reader, count) => readElements(reader, count, element),
    (writer, value) => {
      if (!Array.isArray(value)) throw new FieldFault(`${inWords(value)} is not an array`);
      size.write(writer, value.length);
      let index = 0;
      try {
        for (; index < value.length; index++) element.write(writer, value[index]);
      } catch (thrown) {
        throw faultIn(index, thrown);
      }
    },
  );
};
