/**
 * A transaction in a log file (`org.apache.zookeeper.server.persistence.FileTxnLog`):
 *
 *   checksum   int64, Adler-32 of the record
 *   length     int32, of the record
 *   record     TxnHeader, transaction, and, written by ZooKeeper since 3.6, a digest of the tree, which is ignored
 *   end        1 byte, 0x42
 *
 * Behind the last one the file is zeros up to its end.
 */
import { JuteReader } from '../../jute/jute-reader.ts';
import { JuteWriter } from '../../jute/jute-writer.ts';
import { MalformedJuteError } from '../../jute/malformed-jute-error.ts';
import { readTxn } from '../../jute/txn-reader.ts';
import { writeTxn } from '../../jute/txn-writer.ts';
import type { LoggedTxn } from '../../txn/txn.ts';
import { adler32 } from './adler32.ts';

/** Checksum and length. */
export const ENTRY_HEAD_BYTES = 12;
/** A TxnHeader. */
export const RECORD_BYTES_MIN = 32;
const END = 0x42;

export function encodeTxnEntry({ header, txn }: LoggedTxn): Buffer {
  const writer = new JuteWriter();
  writeTxn(writer, header, txn);
  const record = writer.finish();
  const entry = Buffer.allocUnsafe(ENTRY_HEAD_BYTES + record.length + 1);
  entry.writeUInt32BE(0, 0);
  entry.writeUInt32BE(adler32(record), 4);
  entry.writeInt32BE(record.length, 8);
  record.copy(entry, ENTRY_HEAD_BYTES);
  entry.writeUInt8(END, entry.length - 1);
  return entry;
}

export type DecodedEntry =
  | { readonly kind: 'whole'; readonly logged: LoggedTxn; readonly sizeBytes: number }
  /** So many bytes are needed to tell. */
  | { readonly kind: 'incomplete'; readonly neededBytes: number }
  /** Zeros: nothing was written here. */
  | { readonly kind: 'padding' }
  | { readonly kind: 'damaged'; readonly problem: string }
  /** As it was written, by its checksum, but not what is known here. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Decodes what is at `at`. Data of the transaction are copies, so that they do not keep `bytes` alive. */
export function decodeTxnEntry(bytes: Buffer, at: number): DecodedEntry {
  if (bytes.length - at < ENTRY_HEAD_BYTES) return { kind: 'incomplete', neededBytes: ENTRY_HEAD_BYTES };
  const isChecksumWide = bytes.readUInt32BE(at) !== 0;
  const checksum = bytes.readUInt32BE(at + 4);
  const length = bytes.readInt32BE(at + 8);
  if (!isChecksumWide && checksum === 0 && length === 0) return { kind: 'padding' };
  if (isChecksumWide) return { kind: 'damaged', problem: 'a checksum is wider than 32 bits' };
  if (length < RECORD_BYTES_MIN) return { kind: 'damaged', problem: `a transaction of ${length} bytes is announced` };
  const sizeBytes = ENTRY_HEAD_BYTES + length + 1;
  if (bytes.length - at < sizeBytes) return { kind: 'incomplete', neededBytes: sizeBytes };
  if (bytes[at + sizeBytes - 1] !== END) return { kind: 'damaged', problem: 'a transaction does not end with 0x42' };
  const record = bytes.subarray(at + ENTRY_HEAD_BYTES, at + sizeBytes - 1);
  if (adler32(record) !== checksum) return { kind: 'damaged', problem: 'the checksum of a transaction is wrong' };
  return decodeRecord(Buffer.from(record), sizeBytes);
}

function decodeRecord(record: Buffer, sizeBytes: number): DecodedEntry {
  try {
    return { kind: 'whole', logged: readTxn(new JuteReader(record)), sizeBytes };
  } catch (error) {
    if (!(error instanceof MalformedJuteError)) throw error;
    return { kind: 'unreadable', problem: `a transaction cannot be read: ${error.message}` };
  }
}
