/**
 * gzip (RFC 1952) and zstd (RFC 8878), both from Node's own zlib. Streams of several gzip members or zstd frames decode
 * to their concatenation.
 */
import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Codec } from '../record/batch-header.ts';
import { corrupt, tooLarge } from './decompression-error.ts';

const DEFAULT_GZIP_LEVEL = -1;
const DEFAULT_ZSTD_LEVEL = 3;
const MIN_CHUNK_BYTES = 1024;
const MAX_CHUNK_BYTES = 1024 * 1024;

export const compressGzip = (bytes: Buffer, level = DEFAULT_GZIP_LEVEL): Buffer => gzipSync(bytes, { level });

export const compressZstd = (bytes: Buffer, level = DEFAULT_ZSTD_LEVEL): Buffer =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } });

type DecodeSync = (bytes: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Buffer;

/** Output grows by chunks of about what the input would usually make, so that a small batch costs a small buffer. */
const chunkBytesFor = (inputBytes: number): number =>
  Math.min(Math.max(4 * inputBytes, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES);

const decodeWithin = (codec: Codec, decode: DecodeSync, bytes: Buffer, limitBytes: number): Buffer => {
  let decoded: Buffer;
  try {
    // zlib takes no limit below 1.
    decoded = decode(bytes, { maxOutputLength: Math.max(limitBytes, 1), chunkSize: chunkBytesFor(bytes.length) });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(codec, limitBytes);
    }
    throw corrupt(codec, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (decoded.length > limitBytes) throw tooLarge(codec, limitBytes);
  return decoded;
};

export const decompressGzip = (bytes: Buffer, limitBytes: number): Buffer =>
  decodeWithin('gzip', gunzipSync, bytes, limitBytes);

export const decompressZstd = (bytes: Buffer, limitBytes: number): Buffer =>
  decodeWithin('zstd', zstdDecompressSync, bytes, limitBytes);
