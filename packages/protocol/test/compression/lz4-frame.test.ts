import { decompressFrameSync } from 'lz4-napi';
import { describe, expect, it } from 'vitest';
import { compressLz4, decompressLz4 } from '../../src/compression/lz4-frame.ts';
import { xxHash32 } from '../../src/compression/xxhash32.ts';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const CONTENT = Buffer.from('abcabcabcabcabcabcabcabc-end!');
/** The literals "abc", a match of 21 bytes three back, and the literals "-end!". */
const BLOCK = Buffer.concat([
  Buffer.from([0x3f]),
  Buffer.from('abc'),
  Buffer.from([3, 0, 2, 0x50]),
  Buffer.from('-end!'),
]);

type FrameOptions = {
  readonly flags?: number;
  readonly sizeCode?: number;
  readonly contentBytes?: number;
  readonly after?: Buffer;
};
const frame = (blocks: readonly Buffer[], options: FrameOptions = {}): Buffer => {
  const { flags = 0x60, sizeCode = 4, contentBytes, after = Buffer.alloc(0) } = options;
  const size = contentBytes === undefined ? Buffer.alloc(0) : Buffer.concat([uint32(contentBytes), uint32(0)]);
  const descriptor = Buffer.concat([Buffer.from([flags, sizeCode << 4]), size]);
  const checksum = Buffer.from([(xxHash32(descriptor) >>> 8) & 0xff]);
  return Buffer.concat([uint32(0x184d2204), descriptor, checksum, ...blocks, uint32(0), after]);
};
const packed = (block: Buffer): Buffer => Buffer.concat([uint32(block.length), block]);
const stored = (block: Buffer): Buffer => Buffer.concat([uint32(block.length + 0x8000_0000), block]);

const refused = (bytes: Buffer, reason: string): void => {
  expect(() => decompressLz4(bytes, 10_000)).toThrow(expect.objectContaining({ error: 'CORRUPT_MESSAGE' }));
  expect(() => decompressLz4(bytes, 10_000)).toThrow(reason);
};

describe('compressLz4', () => {
  it('writes independent blocks of 64 KB without checksums, as Kafka does', () => {
    expect(compressLz4(CONTENT).toString('hex', 0, 7)).toBe('04224d18' + '60' + '40' + '82');
  });

  it('makes what another decoder reads', () => {
    const text = Buffer.from('once more unto the breach '.repeat(10_000));
    expect(decompressFrameSync(compressLz4(text)).equals(text)).toBe(true);
  });
});

describe('decompressLz4', () => {
  it('reads packed and stored blocks of every largest size', () => {
    for (const sizeCode of [4, 5, 6, 7]) {
      expect(decompressLz4(frame([packed(BLOCK), stored(CONTENT)], { sizeCode }), 1000)).toEqual(
        Buffer.concat([CONTENT, CONTENT]),
      );
    }
  });

  it('reads blocks that refer to those before them, where the frame says that they may', () => {
    const reference = packed(Buffer.concat([Buffer.from([0x04, 29, 0, 0x50]), Buffer.from('after')]));
    const expected = Buffer.concat([CONTENT, CONTENT.subarray(0, 8), Buffer.from('after')]);
    expect(decompressLz4(frame([packed(BLOCK), reference], { flags: 0x40 }), 1000)).toEqual(expected);
    refused(frame([packed(BLOCK), reference]), 'a match 29 bytes back');
  });

  it('checks the checksum of header, blocks and content', () => {
    const checked = [packed(BLOCK), uint32(xxHash32(BLOCK))];
    const all = { flags: 0x74, after: uint32(xxHash32(CONTENT)) };
    expect(decompressLz4(frame(checked, all), 1000)).toEqual(CONTENT);
    refused(frame([packed(BLOCK), uint32(1)], all), 'checksum of a block');
    refused(frame(checked, { ...all, after: uint32(1) }), 'checksum of the content');
    const bytes = frame([packed(BLOCK)]);
    bytes[6] = (bytes[6] ?? 0) ^ 1;
    refused(bytes, 'checksum of the frame header');
  });

  it('checks the content size', () => {
    expect(decompressLz4(frame([packed(BLOCK)], { flags: 0x68, contentBytes: 29 }), 1000)).toEqual(CONTENT);
    refused(frame([packed(BLOCK)], { flags: 0x68, contentBytes: 30 }), 'content of 29 bytes where 30');
  });

  it('refuses other versions, dictionaries, reserved bits and block sizes', () => {
    for (const flags of [0x20, 0xa0, 0x61, 0x62]) refused(frame([packed(BLOCK)], { flags }), `frame flags ${flags}`);
    for (const sizeCode of [3, 8]) refused(frame([packed(BLOCK)], { sizeCode }), `block size code ${sizeCode}`);
  });

  it('refuses a block beyond the largest size, packed or decoded', () => {
    refused(frame([stored(Buffer.alloc(65_537))]), 'a block of 65537 bytes');
    const dense = Buffer.concat([Buffer.from([0x1f, 0, 1, 0]), Buffer.alloc(300, 255), Buffer.from([0, 0x10, 0])]);
    expect(() => decompressLz4(frame([packed(dense)]), 1_000_000)).toThrow('too large');
    expect(decompressLz4(frame([packed(dense)], { sizeCode: 5 }), 1_000_000)).toHaveLength(1 + 4 + 15 + 300 * 255 + 1);
  });

  it.each([
    ['literals', [0x50, 1]],
    ['a length', [0xf0, 255]],
    ['an offset', [0x10, 1, 1]],
    ['a match', [0x10, 1, 1, 0]],
  ])('refuses a block that ends in %s', (_, block) => {
    refused(frame([packed(Buffer.from(block))]), 'a block that ends in');
  });

  it('refuses a match from nowhere', () => {
    refused(frame([packed(Buffer.from([0x10, 1, 2, 0, 0]))]), 'a match 2 bytes back');
    refused(frame([packed(Buffer.from([0x10, 1, 0, 0, 0]))]), 'a match 0 bytes back');
  });
});
