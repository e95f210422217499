import { KafkaError, offset } from '@barnabas/model';
import {
  decodeOffsetIndex,
  decodeTimeIndex,
  MalformedFileError,
  type OffsetPosition,
  TIME_INDEX_ENTRY_BYTES,
} from '@barnabas/storage';
import { exactLastOffsetOf } from './batch-line.ts';
import { recordsOf } from './batch-records.ts';
import { type BatchView, BatchWalk } from './batch-walk.ts';
import { type DumpContext, refuseDirectory, withWindow } from './dump-context.ts';
import { baseOffsetOfName, siblingOf } from './file-name.ts';
import type { FileWindow } from './file-window.ts';
import { type Int64, int64At } from './int64.ts';
import { RecordFault } from './record-cursor.ts';

type TimeEntry = { readonly timestamp: Int64; readonly offset: number };

const NO_TIMESTAMP = -1;

/**
 * Prints a `.timeindex` and compares it with the `.log` beside it, in which it finds its way by the `.index`. Rejects with
 * MalformedFileError where the log cannot be read at such a place, or the sanity check that is asked for fails.
 */
export const dumpTimeIndex = async (context: DumpContext, path: string): Promise<void> => {
  const { fs, options, output } = context;
  const baseOffset = baseOffsetOfName(path);
  await refuseDirectory(fs, path);
  await withWindow(fs, siblingOf(path, '.log'), async (log) => {
    const positions = decodeOffsetIndex(await fs.readFile(siblingOf(path, '.index')), offset(baseOffset));
    const bytes = await fs.readFile(path);
    const entries = timeEntriesOf(bytes, baseOffset);
    if (options.indexSanityCheck) {
      checkSanity(path, bytes.length, baseOffset, entries);
      output.print(`${path} passed sanity check.\n`);
    } else {
      await dumpEntries(context, new TimeIndexCheck(context, path, log, positions), baseOffset, entries);
    }
  });
};

/** The entries of the file, with timestamps to the last digit. */
const timeEntriesOf = (bytes: Buffer, baseOffset: number): TimeEntry[] =>
  decodeTimeIndex(bytes, offset(baseOffset)).map((entry, index) => ({
    timestamp: int64At(bytes, index * TIME_INDEX_ENTRY_BYTES),
    offset: entry.offset,
  }));

/** What a broker looks at when it starts, to see whether the file must be built anew. */
const checkSanity = (path: string, sizeBytes: number, base: number, entries: readonly TimeEntry[]): void => {
  const [first, last] = [entries.at(0), entries.at(-1)];
  const lastAt = (entries.length - 1) * TIME_INDEX_ENTRY_BYTES;
  if (first !== undefined && last !== undefined && last.timestamp < first.timestamp) {
    const reason = `its last timestamp ${last.timestamp} is below its first, ${first.timestamp}`;
    throw new MalformedFileError(path, { byte: lastAt }, reason);
  }
  if (last !== undefined && last.offset < base) {
    throw new MalformedFileError(path, { byte: lastAt }, `its last offset ${last.offset} is below its first, ${base}`);
  }
  if (sizeBytes % TIME_INDEX_ENTRY_BYTES !== 0) {
    const wholeBytes = entries.length * TIME_INDEX_ENTRY_BYTES;
    throw new MalformedFileError(path, { byte: wholeBytes }, `${sizeBytes} bytes are no whole entries of 12`);
  }
};

const dumpEntries = async (
  { options, output }: DumpContext,
  check: TimeIndexCheck,
  baseOffset: number,
  entries: readonly TimeEntry[],
): Promise<void> => {
  let previous: Int64 = NO_TIMESTAMP;
  for (const [index, entry] of entries.entries()) {
    // Zeros where the file was preallocated, and a crash left them.
    if (index > 0 && entry.offset === baseOffset) return;
    await check.compare(entry, previous);
    if (!options.verifyIndexOnly) output.print(`timestamp: ${entry.timestamp} offset: ${entry.offset}\n`);
    if (output.isFull) await output.drain();
    previous = entry.timestamp;
  }
};

/** Looks up in the log what the entries of a time index say. */
class TimeIndexCheck {
  readonly #context: DumpContext;
  readonly #path: string;
  readonly #log: FileWindow;
  readonly #positions: readonly OffsetPosition[];
  readonly #isPreallocated: boolean;

  constructor(context: DumpContext, path: string, log: FileWindow, positions: readonly OffsetPosition[]) {
    this.#context = context;
    this.#path = path;
    this.#log = log;
    this.#positions = withoutUnused(positions);
    this.#isPreallocated = this.#positions.length + 1 < positions.length;
  }

  async compare(entry: TimeEntry, previousTimestamp: Int64): Promise<void> {
    const { findings } = this.#context;
    const batch = await this.#batchThatReaches(entry.offset);
    const lastOffset = batch === undefined ? -1 : exactLastOffsetOf(batch);
    if (batch === undefined || lastOffset !== entry.offset) {
      findings.offsetNotFound(this.#path, entry.offset, lastOffset);
      return;
    }
    const timestamp = this.#largestTimestampOf(batch);
    if (timestamp !== entry.timestamp) findings.timestampMismatch(this.#path, entry.timestamp, timestamp);
    if (previousTimestamp >= entry.timestamp) {
      findings.timestampOutOfOrder(this.#path, entry.timestamp, previousTimestamp);
    }
  }

  async #batchThatReaches(target: number): Promise<BatchView | undefined> {
    const from = this.#positionFor(target);
    const walk = new BatchWalk(this.#log, from, this.#log.sizeBytes);
    let batch = await walk.next('header');
    while (batch !== undefined && exactLastOffsetOf(batch) < target) batch = await walk.next('header');
    if (batch === undefined) return undefined;
    return new BatchWalk(this.#log, batch.position, this.#log.sizeBytes).next('whole');
  }

  /**
   * Where to look for the offset. An index that a crash has left at its preallocated size may be ahead of the log: it
   * then counts for nothing. One that was closed may not.
   */
  #positionFor(target: number): number {
    const position = positionFor(this.#positions, target);
    if (position >= 0 && position <= this.#log.sizeBytes) return position;
    if (this.#isPreallocated) return 0;
    const reason = `for offset ${target} the index points to byte ${position} of ${this.#log.sizeBytes}`;
    throw new MalformedFileError(this.#log.path, { byte: this.#log.sizeBytes }, reason);
  }

  #largestTimestampOf(batch: BatchView): Int64 {
    try {
      const records = recordsOf(batch);
      let largest: Int64 = NO_TIMESTAMP;
      while (records.next()) if (records.timestamp > largest) largest = records.timestamp;
      return largest;
    } catch (error) {
      if (!(error instanceof RecordFault) && !(error instanceof KafkaError)) throw error;
      throw new MalformedFileError(this.#log.path, { byte: batch.position }, error.message, { cause: error });
    }
  }
}

/** Without the zeros at the end of a preallocated file. */
const withoutUnused = (positions: readonly OffsetPosition[]): readonly OffsetPosition[] =>
  positions.slice(0, positions.findLastIndex(({ position }) => position !== 0) + 1);

/** Position of the last entry at or below the offset; the log's start if there is none. */
const positionFor = (positions: readonly OffsetPosition[], target: number): number => {
  let low = -1;
  let high = positions.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((positions[middle]?.offset ?? target) <= target) low = middle;
    else high = middle - 1;
  }
  return positions[low]?.position ?? 0;
};
