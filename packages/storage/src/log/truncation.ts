import { join } from 'node:path';
import { type Offset, offset } from '@barnabas/model';
import { replaceFile } from '../checkpoint/atomic-write.ts';
import { createSegmentFiles } from '../commit/log-writer.ts';
import { segmentFileName } from '../file-names.ts';
import { Segment } from '../segment/segment.ts';
import { CorruptLogError, isLogDamage, OffsetOutOfRangeError } from '../storage-errors.ts';
import { encodeAbortedTransaction } from '../transaction/aborted-transactions.ts';
import { checkTimeIndex } from './check-time-index.ts';
import { type EndOfBatches, endOfBatches, scanStart } from './locate.ts';
import type { Log } from './log.ts';
import { rebuildProducers, snapshotOffsets } from './rebuild-producers.ts';
import { removeSegments } from './remove-segments.ts';

/**
 * Cuts the log's end off, from the batch that holds `target` on: what a follower does where its log and the leader's
 * part ways. No append may run meanwhile. Answers whether anything was cut.
 *
 * The log then ends after the last batch that is left, which is below `target` where that is within a batch or a gap.
 * (Kafka lets the log end at `target` until it is opened anew.) So the end is always one that the files can vouch for.
 *
 * The recovery point goes down first and on the disk, or else a crash in between would look as if flushed data had been
 * lost. Then whole segments go, the last one first: a crash leaves a log that is too long, which the follower finds and
 * cuts again, never one with a hole.
 */
export const truncateTo = async (log: Log, target: Offset): Promise<boolean> => {
  throwIfRefused(log);
  if (target >= log.endOffset) {
    await forgetEmptyEpochs(log);
    return false;
  }
  const { segments } = log.parts;
  if (target < segments.first.baseOffset) {
    await truncateFullyAndStartAt(log, target);
    return true;
  }
  await log.flush();
  const lastKept = segments.floorIndex(target);
  const cut = await orFail(log, () => cutBelow(segments.all[lastKept] ?? segments.active, target));
  const end = cut.nextOffset;
  await orFail(log, async () => {
    const flushed = log.durableEndOffset;
    const oldStart = log.startOffset;
    log.holdSavedStart(oldStart);
    await lowerRecoveryPoint(log, end);
    log.resetTo(offset(Math.min(oldStart, end)), end);
    await removeAbove(log, lastKept + 1);
    await cutActive(log, segments.active, cut);
    await cutState(log, end);
    log.holdSavedStart(undefined);
    if (end < oldStart) await log.parts.saveLogStarts();
    log.parts.writer.reset(end, offset(Math.min(flushed, end)));
    log.limitRecoveryPoint(undefined);
  });
  return true;
};

/**
 * A leader may have begun an epoch and written nothing in it before another one was elected. As a follower it does not
 * claim that epoch any longer: what it gets next may be of an older one.
 */
const forgetEmptyEpochs = async (log: Log): Promise<void> => {
  await log.flush();
  if (log.parts.epochs.truncateFromEnd(log.endOffset)) await orFail(log, () => saveChanged(log));
};

/** Throws the whole log away and starts an empty one at `start`. No append may run meanwhile. */
export const truncateFullyAndStartAt = async (log: Log, start: Offset): Promise<void> => {
  throwIfRefused(log);
  const { segments, store, dir, clock } = log.parts;
  await log.flush();
  await orFail(log, async () => {
    const oldStart = log.startOffset;
    log.holdSavedStart(oldStart);
    await lowerRecoveryPoint(log, offset(0));
    log.resetTo(start, start);
    const opened = new Segment(store, dir, start, 0, clock.nowMs());
    opened.beginAnew();
    // One that has the new start by chance would tell of producers that are gone.
    await removeSnapshots(log, () => true);
    await dispose(log, segments.replaceAll(opened).reverse());
    await createSegmentFiles(store, opened);
    await store.handles.fs.syncDirectory(dir);
    if (log.parts.epochs.clear()) await saveChanged(log);
    await cutState(log, start);
    log.holdSavedStart(undefined);
    if (start < oldStart) await log.parts.saveLogStarts();
    log.parts.writer.reset(start, start);
    log.limitRecoveryPoint(undefined);
  });
};

/**
 * Moves the log start forward, as DeleteRecords and retention ask for, and removes the segments that are wholly below
 * it. Answers how many were removed. Appends may run meanwhile.
 *
 * The new start is on the disk before anything goes, or else a crash would bring back a part of what was deleted.
 * Rejects with OffsetOutOfRangeError beyond the log's end, with nothing changed.
 */
export const deleteBefore = async (log: Log, start: Offset): Promise<number> => {
  throwIfRefused(log);
  if (start <= log.startOffset) return 0;
  if (start > log.endOffset) throw new OffsetOutOfRangeError(log.name, start, log.startOffset, log.endOffset);
  const { segments, epochs, savedEpochs, producers } = log.parts;
  log.advanceStart(start);
  producers.states.onLogStartOffsetIncremented(start);
  return orFail(log, async () => {
    await log.parts.saveLogStarts();
    throwIfRefused(log);
    if (epochs.truncateFromStart(start)) savedEpochs.changed();
    log.holdSavedStart(start);
    const removed = segments.removeFirst(Math.max(0, segments.floorIndex(start)));
    // The writer must be done with the segments that go, or it would make their files anew.
    await log.flush();
    await dispose(log, removed);
    log.holdSavedStart(undefined);
    return removed.length;
  });
};

/** From here on, and on the disk, recovery does not count on flushed data at or above `to`. */
const lowerRecoveryPoint = (log: Log, to: Offset): Promise<void> => {
  log.limitRecoveryPoint(to);
  return log.parts.saveRecoveryPoints();
};

const removeAbove = (log: Log, firstIndex: number): Promise<void> =>
  dispose(log, log.parts.segments.removeFrom(firstIndex).reverse());

const dispose = async (log: Log, segments: readonly Segment[]): Promise<void> => {
  throwIfRefused(log);
  const { writer, store, scheduler, dir } = log.parts;
  writer.forget(segments);
  await removeSegments(store.handles.fs, scheduler, dir, segments, log.config.fileDeleteDelayMs);
};

const cutActive = async (log: Log, active: Segment, { position, nextOffset: end }: EndOfBatches): Promise<void> => {
  const { handles } = log.parts.store;
  if (position < active.writtenBytes) {
    await active.truncateTo(position, end);
    await handles.use(active.logPath, 'write', (file) => file.sync());
  }
  // Before it takes batches: an index is never made anew under an append.
  await checkTimeIndex(active, log.config.indexIntervalBytes);
  await active.findMaxTimestamp(await scanStart(active, end));
  await active.prepareForAppend();
  if (await active.dropAbortedFrom(end)) {
    const entries = (await active.abortedTransactions()).map(encodeAbortedTransaction);
    await handles.forget(active.pathOf('.txnindex'));
    await replaceFile(handles.fs, active.pathOf('.txnindex'), Buffer.concat(entries));
  }
};

/** Where the batches end that lie below `target` as a whole. Rejects with CorruptLogError, before anything is cut. */
const cutBelow = async (segment: Segment, target: Offset): Promise<EndOfBatches> => {
  const found = await endOfBatches(segment, target);
  if (!found.isSound) throw new CorruptLogError(segment.logPath, found.position, 'no whole batch begins here');
  return found;
};

/** Epochs, snapshots and producer state, as they were at `end`. */
const cutState = async (log: Log, end: Offset): Promise<void> => {
  const { epochs, segments, store, dir, clock, producers, producerExpirationMs } = log.parts;
  if (epochs.truncateFromEnd(end)) await saveChanged(log);
  await removeSnapshots(log, (at) => at > end);
  const source = { fs: store.handles.fs, dir, nowMs: clock.nowMs(), expirationMs: producerExpirationMs };
  producers.states = (await rebuildProducers(source, segments.all, log.startOffset, end)).states;
  producers.states.onHighWatermark(log.highWatermark);
};

const removeSnapshots = async ({ parts: { store, dir } }: Log, isStale: (at: Offset) => boolean): Promise<void> => {
  for (const at of await snapshotOffsets(store.handles.fs, dir)) {
    const path = join(dir, segmentFileName(at, '.snapshot'));
    if (!isStale(at)) continue;
    await store.handles.forget(path);
    await store.handles.fs.removeFile(path);
  }
};

const saveChanged = ({ parts: { savedEpochs } }: Log): Promise<void> => {
  savedEpochs.changed();
  return savedEpochs.save();
};

/** In the directory of a log that was closed there may be another one by now, whose files are not to be touched. */
const throwIfRefused = ({ refusal }: Log): void => {
  if (refusal !== undefined) throw refusal;
};

/**
 * Half a truncation is no state to go on with. Where the log itself is damaged it alone is refused from now on, or else
 * the log directory fails.
 */
const orFail = async <T>(log: Log, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throwIfRefused(log);
    if (!isLogDamage(error)) throw log.parts.commit.fail(error);
    log.refuse(error);
    throw error;
  }
};
