import { describe, expect, it } from 'vitest';
import { JuteTooLargeError } from '../../src/jute/jute-too-large-error.ts';
import { JuteWriter } from '../../src/jute/jute-writer.ts';

/** One value of every kind, with the bytes that it takes. */
const VALUES: readonly [kind: string, write: (writer: JuteWriter) => void, hex: string][] = [
  ['a boolean', (writer) => writer.boolean(true), '01'],
  ['an int32', (writer) => writer.int32(-2), 'fffffffe'],
  ['an int64', (writer) => writer.int64(-(2n ** 63n)), '8000000000000000'],
  ['a safe int64', (writer) => writer.safeInt64(-(2 ** 40) - 1), 'fffffeffffffffff'],
  ['bytes', (writer) => writer.bytes(Uint8Array.of(1, 2)), '000000020102'],
  ['no bytes', (writer) => writer.bytes(new Uint8Array()), '00000000'],
  ['null', (writer) => writer.bytes(null), 'ffffffff'],
  ['a string', (writer) => writer.string('é'), '00000002c3a9'],
  ['a null string', (writer) => writer.string(null), 'ffffffff'],
  ['a vector', (writer) => writer.vector([true, false], (_, item) => writer.boolean(item)), '000000020100'],
];

describe('a JuteWriter', () => {
  it.each(VALUES)('writes %s, wherever its buffer ends', (_kind, write, hex) => {
    for (let before = 0; before < 20; before++) {
      const writer = new JuteWriter(16);
      for (let index = 0; index < before; index++) writer.boolean(false);
      write(writer);
      expect(writer.finish().toString('hex')).toBe('00'.repeat(before) + hex);
    }
  });

  it.each(VALUES)('writes no more than it may: %s', (_kind, write, hex) => {
    const valueBytes = hex.length / 2;
    const written = new JuteWriter(1, 100 + valueBytes);
    for (let index = 0; index < 100; index++) written.boolean(false);
    write(written);
    expect(written.finish()).toHaveLength(100 + valueBytes);
    expect(() => written.boolean(false)).toThrow(JuteTooLargeError);
    const tooLarge = new JuteWriter(1, 99 + valueBytes);
    for (let index = 0; index < 100; index++) tooLarge.boolean(false);
    expect(() => write(tooLarge)).toThrow(JuteTooLargeError);
  });

  it('writes over four bytes of what is there', () => {
    const writer = new JuteWriter();
    writer.int32(0);
    writer.boolean(true);
    writer.overwriteInt32(0, writer.lengthBytes);
    expect(writer.finish().toString('hex')).toBe('0000000501');
  });
});
