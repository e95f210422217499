import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/**
 * How one field is read and written in one version of a message. `write` checks the value, for it may come from
 * anywhere, and throws a `FieldFault` where the field cannot carry it; `read` throws one on bytes that are no such field.
 */
export type Codec = {
  /** No value takes fewer bytes; this bounds the count that an array may claim. */
  readonly minBytes: number;
  readonly read: (reader: ByteReader) => unknown;
  readonly write: (writer: ByteWriter, value: unknown) => void;
};

/** A value in an error message: short, whatever it is. */
export const inWords = (value: unknown): string => {
  if (value === null) return 'null';
  if (typeof value === 'object' || typeof value === 'string' || typeof value === 'function') return `a ${typeof value}`;
  return String(value);
};
