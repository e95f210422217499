import type { LoggedTxn } from '../../txn/txn.ts';
import { FILE_HEADER_BYTES, problemOfFileHeader } from './file-header.ts';
import type { FileWindow } from './file-window.ts';
import { type DecodedEntry, decodeTxnEntry, ENTRY_HEAD_BYTES } from './txn-entry.ts';

export type LogEntry = { readonly position: number; readonly logged: LoggedTxn };

/** What a log file holds. */
export type LogScan = {
  /** The transactions from the start of the file to where there is no more whole one. */
  readonly entries: readonly LogEntry[];
  /** Where that is; 0 where not even the file's header is whole. */
  readonly endPosition: number;
  readonly end: LogEnd;
};

/** How the transactions end: the file does or its padding begins, or there is something else. */
export type LogEnd = { readonly kind: 'clean' } | Extract<DecodedEntry, { kind: 'damaged' | 'unreadable' }>;

/** Reads a log file up to the first byte that belongs to no whole transaction. */
export async function scanLog(window: FileWindow): Promise<LogScan> {
  const entries: LogEntry[] = [];
  const problem = problemOfFileHeader('log', await window.load(0, FILE_HEADER_BYTES));
  if (problem !== undefined) return { entries, endPosition: 0, end: { kind: 'damaged', problem } };
  let position = FILE_HEADER_BYTES;
  let neededBytes = ENTRY_HEAD_BYTES;
  for (;;) {
    const stop = takeEntries(await window.load(position, neededBytes), position, entries);
    position = stop.position;
    if (stop.found.kind === 'padding') return { entries, endPosition: position, end: { kind: 'clean' } };
    if (stop.found.kind !== 'incomplete') return { entries, endPosition: position, end: stop.found };
    neededBytes = stop.found.neededBytes;
    if (neededBytes > window.sizeBytes - position) {
      return { entries, endPosition: position, end: await endOfFile(window, position) };
    }
  }
}

/** Takes whole entries off a window, up to something else. */
function takeEntries(
  bytes: Buffer,
  windowPosition: number,
  entries: LogEntry[],
): { position: number; found: Exclude<DecodedEntry, { kind: 'whole' }> } {
  let at = 0;
  for (;;) {
    const position = windowPosition + at;
    const found = decodeTxnEntry(bytes, at);
    if (found.kind !== 'whole') return { position, found };
    entries.push({ position, logged: found.logged });
    at += found.sizeBytes;
  }
}

/** What the rest of a file is that is too short for what it announces. */
async function endOfFile(window: FileWindow, position: number): Promise<LogEnd> {
  const leftBytes = window.sizeBytes - position;
  const isPadding =
    leftBytes < ENTRY_HEAD_BYTES && (await window.load(position, leftBytes)).every((byte) => byte === 0);
  return isPadding ? { kind: 'clean' } : { kind: 'damaged', problem: 'a transaction is cut off' };
}
