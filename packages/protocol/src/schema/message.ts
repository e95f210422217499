import type { ErrorName } from '@barnabas/model';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Codec } from './codec.ts';
import { compileStruct } from './compile.ts';
// biome-ignore lint/correctness/noUnusedImports: the linter does not see the names of computed members.
import type { decoded, encodable, FieldSpecs, Fields, InOf, OutOf, Typed } from './field.ts';
import {
  FieldFault,
  formatPath,
  MalformedMessageError,
  UnencodableMessageError,
  UnsupportedMessageVersionError,
} from './message-errors.ts';
import { hasVersion, parseVersions, type VersionRange, type Versions } from './versions.ts';

/** Whether bytes after the message are an error, or are left alone. */
export type Tail = 'strict' | 'tolerant';

/**
 * All versions of one message or record. A version is compiled when it is first used.
 * `Out` is what it decodes to; `In` what it encodes, where fields that have a default may be missing.
 */
export class Message<Out, In> implements Typed<Out, In> {
  declare readonly [decoded]?: Out;
  declare readonly [encodable]?: In;
  readonly name: string;
  readonly versions: VersionRange;
  readonly fields: FieldSpecs;
  readonly flexibleVersions: VersionRange;
  /** Error name of bytes that are no such message. */
  readonly malformed: ErrorName;
  private readonly codecs = new Map<number, Codec>();

  constructor(name: string, versions: Versions, flexible: Versions, fields: FieldSpecs, malformed: ErrorName) {
    this.name = name;
    this.versions = parseVersions(versions);
    this.flexibleVersions = parseVersions(flexible);
    this.fields = fields;
    this.malformed = malformed;
  }

  isFlexible(version: number): boolean {
    return hasVersion(this.flexibleVersions, version);
  }

  /**
   * The message in `bytes`, all of them unless the tail is tolerated. Bytes and records in it are views of `bytes`.
   * Throws MalformedMessageError; UnsupportedMessageVersionError.
   */
  decode(version: number, bytes: Buffer, tail?: Tail): Out {
    return this.readAll(version, new ByteReader(bytes), tail);
  }

  /** As `decode`, from where the reader stands to its end. */
  readAll(version: number, reader: ByteReader, tail: Tail = 'strict'): Out {
    const value = this.read(version, reader);
    if (tail === 'strict' && reader.remaining > 0) {
      const place = { messageName: this.name, version, path: '' };
      const reason = `${reader.remaining} bytes follow the message`;
      throw new MalformedMessageError(this.malformed, place, reader.position, reason);
    }
    return value;
  }

  /** Reads the message where the reader stands and leaves the reader behind it. Throws as `decode` does. */
  read(version: number, reader: ByteReader): Out {
    const codec = this.codecAt(version);
    try {
      return codec.read(reader) as Out;
    } catch (thrown) {
      if (!(thrown instanceof FieldFault)) throw thrown;
      const place = { messageName: this.name, version, path: formatPath(thrown) };
      throw new MalformedMessageError(this.malformed, place, thrown.position, thrown.message);
    }
  }

  /**
   * The bytes of `value`. Throws UnencodableMessageError: INVALID_REQUEST for a value that its field cannot hold,
   * UNSUPPORTED_VERSION for one in a field which this version lacks and which is not ignorable;
   * UnsupportedMessageVersionError.
   */
  encode(version: number, value: In): Buffer {
    const writer = new ByteWriter();
    this.write(version, writer, value);
    return writer.written();
  }

  /** Appends the message to what the writer has. Throws as `encode` does; the writer then holds a part of it. */
  write(version: number, writer: ByteWriter, value: In): void {
    const codec = this.codecAt(version);
    try {
      codec.write(writer, value);
    } catch (thrown) {
      if (!(thrown instanceof FieldFault)) throw thrown;
      const place = { messageName: this.name, version, path: formatPath(thrown) };
      throw new UnencodableMessageError(thrown.error ?? 'INVALID_REQUEST', place, thrown.message);
    }
  }

  private codecAt(version: number): Codec {
    let codec = this.codecs.get(version);
    if (codec === undefined) {
      if (!Number.isInteger(version) || !hasVersion(this.versions, version)) {
        throw new UnsupportedMessageVersionError(this.name, version);
      }
      codec = compileStruct(this.fields, { version, flexible: this.isFlexible(version) });
      this.codecs.set(version, codec);
    }
    return codec;
  }
}

/**
 * Declares a message by its name, its versions, those of them that are flexible (with compact lengths and tagged
 * fields), and its fields. Bytes that are no such message are an INVALID_REQUEST.
 *
 *     export const HeartbeatResponse = message('HeartbeatResponse', '0-4', '4+', {
 *       throttleTimeMs: int32('1+', { ignorable: true }),
 *       errorCode: int16('0+'),
 *     });
 *     export type HeartbeatResponse = TypeOf<typeof HeartbeatResponse>;
 */
export const message = <F extends Fields>(
  name: string,
  versions: Versions,
  flexible: Versions,
  fields: F,
): Message<OutOf<F>, InOf<F>> => new Message(name, versions, flexible, fields, 'INVALID_REQUEST');

/** Declares the key or the value of a record as `message` does; bytes that are no such thing are a CORRUPT_MESSAGE. */
export const logRecord = <F extends Fields>(
  name: string,
  versions: Versions,
  flexible: Versions,
  fields: F,
): Message<OutOf<F>, InOf<F>> => new Message(name, versions, flexible, fields, 'CORRUPT_MESSAGE');
