import type { FileWindow } from './file-window.ts';
import { decodeTxnEntry, ENTRY_HEAD_BYTES, RECORD_BYTES_MIN } from './txn-entry.ts';

/** An entry up to the end of its TxnHeader, in which the zxid comes after session and cxid. */
const LEAD_BYTES = ENTRY_HEAD_BYTES + RECORD_BYTES_MIN;
const ZXID_AT = ENTRY_HEAD_BYTES + 12;

const ZEROS = Buffer.alloc(4096);

/**
 * Looks for a whole transaction after `lastZxid` anywhere behind `from`, byte by byte: where there is one, what was
 * written before it was once there, too. Answers its position; undefined where there is none.
 */
export async function findTxnBehind(window: FileWindow, from: number, lastZxid: number): Promise<number | undefined> {
  let position = from;
  while (window.sizeBytes - position >= LEAD_BYTES) {
    const bytes = await window.load(position, LEAD_BYTES);
    if (bytes.length < LEAD_BYTES) return undefined;
    for (const at of candidates(bytes, window.sizeBytes - position, lastZxid)) {
      if (await isTxn(window, bytes, position, at)) return position + at;
    }
    position += bytes.length - LEAD_BYTES + 1;
  }
  return undefined;
}

/** Where an entry may be: its checksum is not 0, its length fits into the file, and its zxid comes after the last. */
function* candidates(bytes: Buffer, leftBytes: number, lastZxid: number): Iterable<number> {
  const lastAt = bytes.length - LEAD_BYTES;
  for (let at = Math.max(0, firstNonZero(bytes, 0) - 7); at <= lastAt; at++) {
    if (bytes.readUInt32BE(at) !== 0) continue;
    if (bytes.readUInt32BE(at + 4) === 0) {
      // Nothing but zeros for 8 bytes: the next checksum that is not 0 cannot begin before these end.
      at = firstNonZero(bytes, at + 8) - 8;
      continue;
    }
    const length = bytes.readInt32BE(at + 8);
    const zxid = Number(bytes.readBigInt64BE(at + ZXID_AT));
    const isPlausible = length >= RECORD_BYTES_MIN && length < leftBytes - at && zxid > lastZxid;
    if (isPlausible && Number.isSafeInteger(zxid)) yield at;
  }
}

/** Where the zeros that begin at `at` end. */
function firstNonZero(bytes: Buffer, at: number): number {
  let end = at;
  while (end + ZEROS.length <= bytes.length && bytes.compare(ZEROS, 0, ZEROS.length, end, end + ZEROS.length) === 0) {
    end += ZEROS.length;
  }
  while (end < bytes.length && bytes[end] === 0) end++;
  return end;
}

async function isTxn(window: FileWindow, bytes: Buffer, position: number, at: number): Promise<boolean> {
  const inWindow = decodeTxnEntry(bytes, at);
  const found =
    inWindow.kind === 'incomplete'
      ? decodeTxnEntry(await window.read(position + at, inWindow.neededBytes), 0)
      : inWindow;
  return found.kind === 'whole' || found.kind === 'unreadable';
}
