/**
 * A message that carries its own version, as the records of the internal topics and the consumer protocol do:
 *
 *   0 version int16     2 the message in that version
 */
import type { ErrorName } from '@barnabas/model';
import { ByteReader } from '../schema/byte-reader.ts';
import { ByteWriter } from '../schema/byte-writer.ts';
import type { Message, Tail } from '../schema/message.ts';
import { MalformedMessageError } from '../schema/message-errors.ts';

const VERSION_BYTES = 2;

/** A message and the version it was written in. */
export type Versioned<T> = { readonly version: number; readonly data: T };

/** The version in front. `what` names the bytes in the MalformedMessageError where there are too few of them. */
export const versionOf = (bytes: Buffer, what: string, malformed: ErrorName): number => {
  if (bytes.length < VERSION_BYTES) {
    const place = { messageName: what, version: -1, path: '' };
    throw new MalformedMessageError(malformed, place, 0, `${bytes.length} bytes hold no version`);
  }
  return bytes.readInt16BE(0);
};

/**
 * Throws MalformedMessageError; UnsupportedMessageVersionError. With `knownUpTo` a higher version is read as that one:
 * for a format that only ever adds fields at the end, with a tolerant tail.
 */
export const decodeVersioned = <Out, In>(
  schema: Message<Out, In>,
  bytes: Buffer,
  options: { readonly tail?: Tail; readonly knownUpTo?: number } = {},
): Versioned<Out> => {
  const version = versionOf(bytes, schema.name, schema.malformed);
  const reader = new ByteReader(bytes, VERSION_BYTES);
  const data = schema.readAll(Math.min(version, options.knownUpTo ?? version), reader, options.tail);
  return { version, data };
};

/** Throws UnencodableMessageError; UnsupportedMessageVersionError. */
export const encodeVersioned = <Out, In>(schema: Message<Out, In>, version: number, value: In): Buffer => {
  const writer = new ByteWriter();
  writer.int16(version);
  schema.write(version, writer, value);
  return writer.written();
};
