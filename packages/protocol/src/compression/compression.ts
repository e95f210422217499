/**
 * The codecs of record batches, all at once and in memory: a batch is compressed as one piece. What each writes can be
 * read by Apache Kafka and its clients, and the other way round.
 */
import type { Codec } from '../record/batch-header.ts';
import { tooLarge } from './decompression-error.ts';
import { compressLz4, decompressLz4 } from './lz4-frame.ts';
import { compressXerial, decompressXerial } from './xerial.ts';
import { compressGzip, compressZstd, decompressGzip, decompressZstd } from './zlib-codecs.ts';

/**
 * Compresses `bytes`. `level` is that of `compression.gzip.level` (-1, or 1 to 9) or `compression.zstd.level` (-131072 to
 * 22), Kafka's defaults being -1 and 3; snappy and lz4 have but one level here. 'none' returns `bytes` themselves.
 */
export const compress = (codec: Codec, bytes: Buffer, level?: number): Buffer => {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return compressGzip(bytes, level);
    case 'snappy':
      return compressXerial(bytes);
    case 'lz4':
      return compressLz4(bytes);
    case 'zstd':
      return compressZstd(bytes, level);
  }
};

/**
 * Decompresses a whole stream, and stops where it would give more than `limitBytes`: memory follows the size of the
 * input and of what was decoded so far, never a size that the input merely declares.
 * Throws DecompressionError: CORRUPT_MESSAGE or MESSAGE_TOO_LARGE.
 */
export const decompress = (codec: Codec, bytes: Buffer, limitBytes: number): Buffer => {
  switch (codec) {
    case 'none':
      if (bytes.length > limitBytes) throw tooLarge(codec, limitBytes);
      return bytes;
    case 'gzip':
      return decompressGzip(bytes, limitBytes);
    case 'snappy':
      return decompressXerial(bytes, limitBytes);
    case 'lz4':
      return decompressLz4(bytes, limitBytes);
    case 'zstd':
      return decompressZstd(bytes, limitBytes);
  }
};
