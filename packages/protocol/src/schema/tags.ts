/**
 * The tagged fields (KIP-482) at the end of every struct of a flexible version:
 *
 *   uvarint count, then for each field, in rising order of tags: uvarint tag, uvarint size, content
 *
 * A field that has its default is not written. Tags that the schema does not know are kept as they are.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Codec } from './codec.ts';
import { FieldFault, faultIn } from './message-errors.ts';

/** A tagged field that the schema does not know: its number and its content. */
export type UnknownTag = { readonly tag: number; readonly bytes: Buffer };

/** A known tagged field in one version. */
export type TaggedField = {
  readonly tag: number;
  readonly name: string;
  readonly codec: Codec;
  readonly isDefault: (value: unknown) => boolean;
};

/** Reads known tags into `value`; answers the others, undefined where there are none. */
export type ReadTags = (reader: ByteReader, value: Record<string, unknown>) => UnknownTag[] | undefined;
export type WriteTags = (
  writer: ByteWriter,
  value: Readonly<Record<string, unknown>>,
  unknown: readonly UnknownTag[],
) => void;

/** A tag and a size are a byte each, at least. */
const MIN_TAG_BYTES = 2;

const readCount = (reader: ByteReader): number => {
  const from = reader.position;
  const count = reader.uvarint();
  if (count * MIN_TAG_BYTES > reader.remaining) reader.fail(`${count} tagged fields do not fit in the rest`, from);
  return count;
};

const readKnown = (reader: ByteReader, field: TaggedField, sizeBytes: number): unknown => {
  const from = reader.position;
  try {
    const value = field.codec.read(reader);
    const read = reader.position - from;
    if (read !== sizeBytes) reader.fail(`tag ${field.tag} takes ${read} bytes and claims ${sizeBytes}`, from);
    return value;
  } catch (thrown) {
    throw faultIn(field.name, thrown);
  }
};

export const tagReader = (fields: readonly TaggedField[]): ReadTags => {
  const byTag = new Map(fields.map((field) => [field.tag, field]));
  return (reader, value) => {
    let unknown: UnknownTag[] | undefined;
    let before = -1;
    for (let left = readCount(reader); left > 0; left--) {
      const tag = reader.uvarint();
      if (tag <= before) reader.fail(`tag ${tag} follows tag ${before}`);
      before = tag;
      const sizeBytes = reader.uvarint();
      const field = byTag.get(tag);
      if (field !== undefined) {
        value[field.name] = readKnown(reader, field, sizeBytes);
      } else {
        unknown ??= [];
        unknown.push({ tag, bytes: reader.slice(sizeBytes) });
      }
    }
    return unknown;
  };
};

const writeKnown = (writer: ByteWriter, field: TaggedField, value: unknown): void => {
  writer.uvarint(field.tag);
  const from = writer.position;
  try {
    field.codec.write(writer, value);
  } catch (thrown) {
    throw faultIn(field.name, thrown);
  }
  writer.prefixSize(from);
};

const writeUnknown = (writer: ByteWriter, { tag, bytes }: UnknownTag): void => {
  writer.uvarint(tag);
  writer.uvarint(bytes.length);
  writer.raw(bytes);
};

const checkUnknown = (unknown: readonly UnknownTag[], known: ReadonlySet<number>): void => {
  let before = -1;
  for (const { tag } of unknown) {
    if (!Number.isInteger(tag) || tag <= before || tag > 0xffff_ffff || known.has(tag)) {
      throw new FieldFault(`tag ${tag} is not free here, or not above tag ${before}`);
    }
    before = tag;
  }
};

export const tagWriter = (fields: readonly TaggedField[]): WriteTags => {
  const rising = fields.toSorted((a, b) => a.tag - b.tag);
  const known = new Set(fields.map((field) => field.tag));
  return (writer, value, unknown) => {
    let count = unknown.length;
    for (const field of rising) if (!field.isDefault(value[field.name])) count++;
    writer.uvarint(count);
    if (count === 0) return;

    checkUnknown(unknown, known);
    let next = 0;
    const writeUnknownBelow = (tag: number): void => {
      for (let other = unknown[next]; other !== undefined && other.tag < tag; other = unknown[++next]) {
        writeUnknown(writer, other);
      }
    };
    for (const field of rising) {
      const content = value[field.name];
      if (field.isDefault(content)) continue;
      writeUnknownBelow(field.tag);
      writeKnown(writer, field, content);
    }
    writeUnknownBelow(Number.POSITIVE_INFINITY);
  };
};
