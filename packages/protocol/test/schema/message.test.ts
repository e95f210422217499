import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../src/schema/byte-reader.ts';
import { ByteWriter } from '../../src/schema/byte-writer.ts';
import { array, int8, int16, int32, string, struct } from '../../src/schema/field.ts';
import { logRecord, message } from '../../src/schema/message.ts';
import { MalformedMessageError, UnsupportedMessageVersionError } from '../../src/schema/message-errors.ts';

const Entry = struct({ name: string('0+'), size: int8('0+') });
const Sample = message('Sample', '1-2', 'none', {
  id: int16('0+'),
  entries: array('0+', Entry),
});
const value = { id: 7, entries: [{ name: 'ab', size: -1 }] };
const encoded = Buffer.from('0007000000010002' + '6162ff', 'hex');

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
};

describe('Message', () => {
  it('writes its fields in order, big-endian, and reads them again', () => {
    expect(Sample.encode(1, value)).toEqual(encoded);
    expect(Sample.decode(1, encoded)).toEqual(value);
  });

  it.each([0, 3, -1, 1.5])('has no version %d', (version) => {
    expect(() => Sample.encode(version, value)).toThrow(UnsupportedMessageVersionError);
    expect(() => Sample.decode(version, encoded)).toThrow(UnsupportedMessageVersionError);
  });

  it('says which message, version, field and byte are wrong', () => {
    const cut = encoded.subarray(0, encoded.length - 1);
    const error = thrownBy(() => Sample.decode(2, cut));
    expect(error).toBeInstanceOf(MalformedMessageError);
    expect(error).toMatchObject({
      error: 'INVALID_REQUEST',
      message: 'Sample v2, entries[0].size: 1 bytes are needed, 0 are left (at byte 10)',
      place: { messageName: 'Sample', version: 2, path: 'entries[0].size' },
      position: 10,
    });
  });

  it('is CORRUPT_MESSAGE where a log record is malformed', () => {
    const Key = logRecord('Key', '0', 'none', { id: int32('0') });
    expect(thrownBy(() => Key.decode(0, Buffer.alloc(3)))).toMatchObject({ error: 'CORRUPT_MESSAGE' });
  });

  it('reports bytes after its end, unless they are tolerated', () => {
    const longer = Buffer.concat([encoded, Buffer.alloc(2)]);
    expect(thrownBy(() => Sample.decode(1, longer))).toMatchObject({ position: encoded.length });
    expect(Sample.decode(1, longer, 'tolerant')).toEqual(value);
  });

  it('can follow another one in the same buffer', () => {
    const writer = new ByteWriter(1);
    writer.int32(1);
    Sample.write(1, writer, value);
    Sample.write(1, writer, { ...value, id: 8 });
    const reader = new ByteReader(writer.written(), 4);
    expect(Sample.read(1, reader).id).toBe(7);
    expect(Sample.read(1, reader).id).toBe(8);
    expect(reader.remaining).toBe(0);
  });

  it('gives every decoded value properties of its own', () => {
    const first = Sample.decode(1, encoded);
    expect(Sample.decode(1, encoded)).not.toBe(first);
  });
});
