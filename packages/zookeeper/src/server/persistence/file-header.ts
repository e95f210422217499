/**
 * How log files and snapshots begin (`org.apache.zookeeper.server.persistence.FileHeader`):
 *
 *   0   magic     4 bytes, "ZKLG" or "ZKSN"
 *   4   version   int32, 2
 *   8   dbid      int64, never looked at: 0 in logs, -1 in snapshots
 */
const VERSION = 2;

export const FILE_HEADER_BYTES = 16;

const KINDS = {
  log: { magic: 'ZKLG', dbid: 0n },
  snapshot: { magic: 'ZKSN', dbid: -1n },
} as const;

export function encodeFileHeader(kind: keyof typeof KINDS): Buffer {
  const { magic, dbid } = KINDS[kind];
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  bytes.write(magic, 'latin1');
  bytes.writeInt32BE(VERSION, 4);
  bytes.writeBigInt64BE(dbid, 8);
  return bytes;
}

/** What is wrong with the header at the start of `bytes`; undefined where nothing is. */
export function problemOfFileHeader(kind: keyof typeof KINDS, bytes: Buffer): string | undefined {
  const { magic } = KINDS[kind];
  if (bytes.length < FILE_HEADER_BYTES) return 'the header is cut off';
  if (bytes.toString('latin1', 0, 4) !== magic) return `it does not begin with ${magic}`;
  const version = bytes.readInt32BE(4);
  return version === VERSION ? undefined : `its version is ${version}, not ${VERSION}`;
}
