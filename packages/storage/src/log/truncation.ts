import { join } from 'node:path';
import { type Offset, offset } from '@barnabas/model';
import { replaceFile } from '../checkpoint/atomic-write.ts';
import { LEADER_EPOCH_CHECKPOINT, writeLeaderEpochCheckpoint } from '../checkpoint/leader-epoch-checkpoint.ts';
import { createSegmentFiles } from '../commit/log-writer.ts';
import { segmentFileName } from '../file-names.ts';
import { Segment } from '../segment/segment.ts';
import { encodeAbortedTransaction } from '../transaction/aborted-transactions.ts';
import { locateBatch } from './locate.ts';
import type { Log } from './log.ts';
import { rebuildProducers, snapshotOffsets } from './rebuild-producers.ts';
import { removeSegments } from './remove-segments.ts';

/**
 * Cuts the log's end off, from the batch that holds `target` on: what a follower does where its log and the leader's
 * part ways. No append may run meanwhile. Answers whether anything was cut.
 *
 * The recovery point goes down first and on the disk, or else a crash in between would look as if flushed data had been
 * lost. Then whole segments go, the last one first: a crash leaves a log that is too long, which the follower finds and
 * cuts again, never one with a hole.
 */
export const truncateTo = async (log: Log, target: Offset): Promise<boolean> => {
  if (target >= log.endOffset) return false;
  const { segments } = log.parts;
  if (target < segments.first.baseOffset) {
    await truncateFullyAndStartAt(log, target);
    return true;
  }
  await log.flush();
  await orFail(log, async () => {
    const flushed = log.recoveryPoint;
    await lowerRecoveryPoint(log, target);
    log.resetTo(offset(Math.min(log.startOffset, target)), target);
    await removeAbove(log, segments.floorIndex(target) + 1);
    await cutActive(log, segments.active, target);
    await cutState(log, target);
    log.parts.writer.reset(target, offset(Math.min(flushed, target)));
    log.limitRecoveryPoint(undefined);
  });
  return true;
};

/** Throws the whole log away and starts an empty one at `start`. No append may run meanwhile. */
export const truncateFullyAndStartAt = async (log: Log, start: Offset): Promise<void> => {
  const { segments, store, dir, clock } = log.parts;
  await log.flush();
  await orFail(log, async () => {
    await lowerRecoveryPoint(log, offset(0));
    log.resetTo(start, start);
    const opened = new Segment(store, dir, start, 0, clock.nowMs());
    opened.resetIndexes();
    await dispose(log, segments.replaceAll(opened).reverse());
    await createSegmentFiles(store, opened);
    if (log.parts.epochs.clear()) await saveEpochs(log);
    await cutState(log, start);
    log.parts.writer.reset(start, start);
    log.limitRecoveryPoint(undefined);
  });
};

/**
 * Moves the log start forward, as DeleteRecords and retention ask for, and removes the segments that are wholly below
 * it. Answers how many were removed. Appends may run meanwhile.
 */
export const deleteBefore = async (log: Log, start: Offset): Promise<number> => {
  if (start <= log.startOffset) return 0;
  const { segments, epochs, producers } = log.parts;
  log.advanceStart(start);
  return orFail(log, async () => {
    producers.states.onLogStartOffsetIncremented(start);
    if (epochs.truncateFromStart(start)) await saveEpochs(log);
    const count = Math.max(0, segments.floorIndex(start));
    await dispose(log, segments.removeFirst(count));
    return count;
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
  const { writer, store, scheduler, dir } = log.parts;
  writer.forget(segments);
  await removeSegments(store.handles.fs, scheduler, dir, segments, log.config.fileDeleteDelayMs);
};

const cutActive = async (log: Log, active: Segment, target: Offset): Promise<void> => {
  const { handles } = log.parts.store;
  const place = await locateBatch(active, target);
  if (place !== undefined) {
    await active.truncateTo(place.position, target);
    await handles.use(active.logPath, 'write', (file) => file.sync());
  }
  await active.prepareForAppend();
  if (await active.dropAbortedFrom(target)) {
    const entries = (await active.abortedTransactions()).map(encodeAbortedTransaction);
    await handles.forget(active.pathOf('.txnindex'));
    await replaceFile(handles.fs, active.pathOf('.txnindex'), Buffer.concat(entries));
  }
};

/** Epochs, snapshots and producer state, as they were at `end`. */
const cutState = async (log: Log, end: Offset): Promise<void> => {
  const { epochs, segments, store, dir, clock, producers, producerExpirationMs } = log.parts;
  const { fs } = store.handles;
  if (epochs.truncateFromEnd(end)) await saveEpochs(log);
  for (const at of await snapshotOffsets(fs, dir)) {
    if (at > end) await store.handles.fs.removeFile(join(dir, segmentFileName(at, '.snapshot')));
  }
  const source = { fs, dir, nowMs: clock.nowMs(), expirationMs: producerExpirationMs };
  producers.states = (await rebuildProducers(source, segments.all, log.startOffset, end)).states;
  producers.states.onHighWatermark(log.highWatermark);
};

const saveEpochs = (log: Log): Promise<void> => {
  const { store, dir, epochs } = log.parts;
  return writeLeaderEpochCheckpoint(store.handles.fs, join(dir, LEADER_EPOCH_CHECKPOINT), epochs.entries);
};

/** Half a truncation is no state to go on with: the log directory fails with it. */
const orFail = async <T>(log: Log, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throw log.parts.commit.fail(error);
  }
};
