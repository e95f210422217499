import { offset } from '@barnabas/model';
import {
  decodeOffsetIndex,
  MalformedFileError,
  OFFSET_INDEX_ENTRY_BYTES,
  type OffsetPosition,
} from '@barnabas/storage';
import { exactLastOffsetOf } from './batch-line.ts';
import { BatchWalk } from './batch-walk.ts';
import { type DumpContext, refuseDirectory, withWindow } from './dump-context.ts';
import { baseOffsetOfName, siblingOf } from './file-name.ts';
import type { FileWindow } from './file-window.ts';
import type { Int64 } from './int64.ts';

/**
 * Prints an `.index` and compares it with the `.log` beside it. Rejects with MalformedFileError where it points to no
 * batch, or does not pass the sanity check that is asked for.
 */
export const dumpOffsetIndex = async (context: DumpContext, path: string): Promise<void> => {
  const { fs, options, output } = context;
  const baseOffset = baseOffsetOfName(path);
  await refuseDirectory(fs, path);
  await withWindow(fs, siblingOf(path, '.log'), async (log) => {
    const bytes = await fs.readFile(path);
    const entries = decodeOffsetIndex(bytes, offset(baseOffset));
    if (entries.length === 0) {
      output.print(`${path} is empty.\n`);
    } else if (options.indexSanityCheck) {
      checkSanity(path, bytes.length, baseOffset, entries);
      output.print(`${path} passed sanity check.\n`);
    } else {
      await dumpEntries(context, path, log, baseOffset, entries);
    }
  });
};

/** What a broker looks at when it starts, to see whether the file must be built anew. */
const checkSanity = (path: string, sizeBytes: number, base: number, entries: readonly OffsetPosition[]): void => {
  const last = entries.at(-1)?.offset ?? base;
  const lastAt = (entries.length - 1) * OFFSET_INDEX_ENTRY_BYTES;
  if (last < base) {
    throw new MalformedFileError(path, { byte: lastAt }, `its last offset ${last} is below its first, ${base}`);
  }
  if (sizeBytes % OFFSET_INDEX_ENTRY_BYTES !== 0) {
    const wholeBytes = entries.length * OFFSET_INDEX_ENTRY_BYTES;
    throw new MalformedFileError(path, { byte: wholeBytes }, `${sizeBytes} bytes are no whole entries of 8`);
  }
};

const dumpEntries = async (
  context: DumpContext,
  path: string,
  log: FileWindow,
  baseOffset: number,
  entries: readonly OffsetPosition[],
): Promise<void> => {
  const { options, output, findings } = context;
  for (const [index, entry] of entries.entries()) {
    // Zeros where the file was preallocated, and a crash left them.
    if (index > 0 && entry.offset === baseOffset) return;
    const inLog = await lastOffsetAt(log, entry.position, options.maxMessageSizeBytes);
    if (inLog === undefined) {
      const reason = `for offset ${entry.offset} it points to byte ${entry.position} of the log, where no batch of at most ${options.maxMessageSizeBytes} bytes is`;
      throw new MalformedFileError(path, { byte: index * OFFSET_INDEX_ENTRY_BYTES }, reason);
    }
    if (inLog !== entry.offset) findings.indexMismatch(path, entry.offset, inLog);
    if (!options.verifyIndexOnly) output.print(`offset: ${entry.offset} position: ${entry.position}\n`);
    if (output.isFull) await output.drain();
  }
};

/** Last offset of the batch at `position`; undefined if none of at most `maxBytes` is there. */
const lastOffsetAt = async (log: FileWindow, position: number, maxBytes: number): Promise<Int64 | undefined> => {
  if (position < 0 || position > log.sizeBytes) return undefined;
  const batch = await new BatchWalk(log, position, Math.min(position + maxBytes, log.sizeBytes)).next('header');
  return batch && exactLastOffsetOf(batch);
};
