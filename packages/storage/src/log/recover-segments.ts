import { join } from 'node:path';
import type { Offset } from '@barnabas/model';
import { baseOffsetOf, batchBytesOf, lastOffsetOf, nextOffsetOf, tryCheckBatch } from '@barnabas/protocol';
import { replaceFile } from '../checkpoint/atomic-write.ts';
import type { LeaderEpochCache } from '../epoch/leader-epoch-cache.ts';
import { SEGMENT_SUFFIXES, segmentFileName } from '../file-names.ts';
import { removeIfThere } from '../files/remove-if-there.ts';
import { encodeProducerSnapshot } from '../producer/producer-snapshot.ts';
import { ProducerStates } from '../producer/producer-state.ts';
import { type Segment, saveWhole } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';
import { type AbortedTransaction, encodeAbortedTransaction } from '../transaction/aborted-transactions.ts';
import { noteEpoch } from './load-epochs.ts';
import { LogProducers } from './log-producers.ts';
import { rebuildIndexes } from './rebuild-indexes.ts';
import { type ProducerSource, rebuildProducers, snapshotOffsets } from './rebuild-producers.ts';
import { MAX_RELATIVE_OFFSET } from './roll-policy.ts';

/** What was cut off the end of a log that had not been closed cleanly. */
export type Cut = {
  readonly file: string;
  readonly position: number;
  /** The log ends here now. */
  readonly endOffset: Offset;
  /** Bytes that were thrown away, later segments included. */
  readonly lostBytes: number;
  readonly reason: string;
};

export type Recovered = {
  readonly endOffset: Offset;
  readonly cut: Cut | undefined;
};

export type RecoveryRequest = {
  readonly source: ProducerSource;
  /** In order; those that are cut off are taken out. */
  readonly segments: Segment[];
  readonly epochs: LeaderEpochCache;
  readonly startOffset: Offset;
  /** All below it is known to have been flushed. */
  readonly recoveryPoint: Offset;
  readonly indexIntervalBytes: number;
  /** Below it compaction may have left offsets between two segments that no batch holds. */
  readonly cleanedBelow: Offset;
  /** An operator has accepted that flushed data is lost: cut where the log is corrupt, instead of refusing it. */
  readonly acceptLoss: boolean;
};

/**
 * Reads every batch from the segment on that holds the recovery point, and makes indexes, epochs, snapshots and the
 * transaction index anew from them.
 *
 * At the first bad batch the log is cut if no flush is known to have covered it: unflushed pages reach the disk in any
 * order, so that whatever follows it says nothing. A segment that does not begin where the one before it ends is bad as
 * well, as that one has lost its end. Below the recovery point a bad batch is corruption of what was once safely written,
 * and is reported with no `.log` changed. A log that ends below its recovery point has lost data in the same way.
 *
 * Answers where the log ends and what was cut. Throws CorruptLogError.
 */
export const recoverSegments = async (request: RecoveryRequest): Promise<Recovered> => {
  const { segments, recoveryPoint, source, startOffset } = request;
  const first = firstToScan(segments, recoveryPoint);
  const scannedFrom = segments[first]?.baseOffset ?? startOffset;
  // A flush up to just where a segment begins has not covered the indexes of the one before it.
  const before = scannedFrom === recoveryPoint ? segments[first - 1] : undefined;
  if (before !== undefined) await rebuildIndexes(before, request.indexIntervalBytes);
  await removeSnapshotsAbove(source, scannedFrom);
  const producers = await producersAt(request, first);
  let expected = scannedFrom;
  for (let index = first; index < segments.length; index++) {
    const segment = segments[index];
    if (segment === undefined) break;
    if (index > first) await saveSnapshot(source, expected, producers);
    const scanned = await scanSegment(request, segment, expected, producers);
    expected = scanned.endOffset;
    producers.states.advanceTo(expected);
    if (scanned.bad !== undefined)
      return { endOffset: expected, cut: await cutAt(request, index, scanned, scanned.bad) };
    await saveIndexes(segment, scanned.aborted, index < segments.length - 1);
  }
  if (expected < recoveryPoint && !request.acceptLoss) {
    const last = segments.at(-1);
    const reason = `the log ends at offset ${expected}, but all below ${recoveryPoint} had been flushed`;
    throw new CorruptLogError(last?.logPath ?? source.dir, last?.sizeBytes ?? 0, reason);
  }
  return { endOffset: expected, cut: undefined };
};

/** Place of the segment that holds the recovery point: the first one that recovery reads. */
export const firstToScan = (segments: readonly Segment[], recoveryPoint: Offset): number =>
  Math.max(
    0,
    segments.findLastIndex(({ baseOffset }) => baseOffset <= recoveryPoint),
  );

/** The producer state where the scan begins; the last two snapshots that should be there are made if they are not. */
const producersAt = async (
  { source, segments, startOffset }: RecoveryRequest,
  first: number,
): Promise<LogProducers> => {
  let producers = new LogProducers(new ProducerStates());
  for (const { baseOffset } of segments.slice(Math.max(0, first - 1), first + 1)) {
    producers = await rebuildProducers(source, segments, startOffset, baseOffset);
    const saved = await snapshotOffsets(source.fs, source.dir);
    if (baseOffset > startOffset && !saved.includes(baseOffset)) await saveSnapshot(source, baseOffset, producers);
  }
  return producers;
};

/** `baseOffset` is that of a batch that is sound, after one that claims offsets which it cannot have. */
type Bad = { readonly position: number; readonly reason: string; readonly baseOffset?: Offset };
type Scanned = { readonly endOffset: Offset; readonly aborted: AbortedTransaction[]; readonly bad: Bad | undefined };

/** Takes the batches of a segment in, up to the first one that is not sound. */
const scanSegment = async (
  { epochs, indexIntervalBytes, cleanedBelow }: RecoveryRequest,
  segment: Segment,
  from: Offset,
  producers: LogProducers,
): Promise<Scanned> => {
  const fileBytes = segment.writtenBytes;
  let expected = from > segment.baseOffset ? from : segment.baseOffset;
  let beforeLast = expected;
  let bad: Bad | undefined;
  const aborted: AbortedTransaction[] = [];
  if (from > segment.baseOffset || (from < segment.baseOffset && segment.baseOffset > cleanedBelow)) {
    return { endOffset: from, aborted, bad: { position: 0, reason: `the segment before it ends at offset ${from}` } };
  }
  segment.beginAnew();
  segment.sizeBytes = 0;
  const end = await segment.scan(0, fileBytes, 'whole', (bytes, at, position) => {
    const reason = faultOf(bytes, at, segment, expected) ?? producers.faultOf(bytes, at);
    if (reason !== undefined) {
      const baseOffset = baseOffsetOf(bytes, at);
      // Further back it cannot belong: then it is its own base offset that is damaged, as by a torn sector that ends with it.
      const isSound = baseOffset >= beforeLast && tryCheckBatch(bytes, at, at + batchBytesOf(bytes, at)).ok;
      bad = { position, reason, ...(isSound && { baseOffset }) };
      return 'stop';
    }
    segment.place(bytes, at, batchBytesOf(bytes, at), indexIntervalBytes);
    noteEpoch(epochs, bytes, at);
    const transaction = producers.apply(bytes, at);
    if (transaction !== undefined) aborted.push(transaction);
    beforeLast = expected;
    expected = nextOffsetOf(bytes, at);
    return undefined;
  });
  if (end.kind === 'torn') bad = { position: end.position, reason: 'the file ends within a batch' };
  if (end.kind === 'malformed') bad = { position: end.position, reason: 'no batch has such a length' };
  return { endOffset: expected, aborted, bad };
};

const faultOf = (bytes: Buffer, at: number, segment: Segment, expected: Offset): string | undefined => {
  const verdict = tryCheckBatch(bytes, at, at + batchBytesOf(bytes, at));
  if (!verdict.ok) return verdict.reason;
  if (baseOffsetOf(bytes, at) < expected) return `base offset ${baseOffsetOf(bytes, at)} after offset ${expected - 1}`;
  if (lastOffsetOf(bytes, at) - segment.baseOffset > MAX_RELATIVE_OFFSET) return 'an offset too far for the segment';
  return undefined;
};

/** Ends the log before the bad batch, unless flushed data would go with it. */
const cutAt = async (
  request: RecoveryRequest,
  index: number,
  { endOffset, aborted }: Scanned,
  bad: Bad,
): Promise<Cut> => {
  const { segments, recoveryPoint, acceptLoss, source } = request;
  const segment = segments[index];
  if (segment === undefined) throw new Error(`there is no segment ${index}`);
  // A base offset is outside the checksum: one that is damaged may seem to lie beyond the recovery point, but the next
  // batch, which then goes back, tells where it is.
  if (Math.min(endOffset, bad.baseOffset ?? endOffset) < recoveryPoint && !acceptLoss) {
    const reason = `${bad.reason} at offset ${endOffset}, though all below ${recoveryPoint} had been flushed`;
    throw new CorruptLogError(segment.logPath, bad.position, reason);
  }
  const later = segments.splice(index + 1);
  const lostBytes = later.reduce((sum, { writtenBytes }) => sum + writtenBytes, segment.writtenBytes - bad.position);
  for (const gone of later.reverse()) await removeFiles(source, gone);
  // Surely gone, before the bytes are that tell that they have to go.
  if (later.length > 0) await source.fs.syncDirectory(source.dir);
  // A segment that does not even begin where it should goes as a whole, unless it is all there is.
  if (bad.position === 0 && index > 0) {
    segments.pop();
    await removeFiles(source, segment);
    await source.fs.syncDirectory(source.dir);
  } else {
    await segment.store.handles.use(segment.logPath, 'write', (file) => file.truncate(bad.position));
    segment.writtenBytes = bad.position;
    await saveIndexes(segment, aborted, false);
  }
  return { file: segment.logPath, position: bad.position, endOffset, lostBytes, reason: bad.reason };
};

/** Writes the indexes that a scan has made, in place of those that were there, and flushes them and the log. */
const saveIndexes = async (
  segment: Segment,
  aborted: readonly AbortedTransaction[],
  closed: boolean,
): Promise<void> => {
  const { handles } = segment.store;
  segment.writtenBytes = segment.sizeBytes;
  if (closed) segment.closeTimeIndex();
  await saveWhole(segment.openIndexes);
  await handles.use(segment.logPath, 'write', (file) => file.sync());
  await handles.forget(segment.pathOf('.txnindex'));
  if (aborted.length > 0) {
    await replaceFile(handles.fs, segment.pathOf('.txnindex'), Buffer.concat(aborted.map(encodeAbortedTransaction)));
    for (const transaction of aborted) segment.addAborted(transaction);
  } else {
    await removeIfThere(handles.fs, segment.pathOf('.txnindex'));
  }
};

const removeFiles = async ({ fs }: ProducerSource, segment: Segment): Promise<void> => {
  await segment.release();
  for (const suffix of SEGMENT_SUFFIXES) await removeIfThere(fs, segment.pathOf(suffix));
};

/** Snapshots above where the scan begins tell of batches that may not survive it. */
const removeSnapshotsAbove = async ({ fs, dir }: ProducerSource, from: Offset): Promise<void> => {
  for (const at of await snapshotOffsets(fs, dir)) {
    if (at > from) await fs.removeFile(join(dir, segmentFileName(at, '.snapshot')));
  }
};

const saveSnapshot = ({ fs, dir }: ProducerSource, at: Offset, { states }: LogProducers): Promise<void> =>
  replaceFile(fs, join(dir, segmentFileName(at, '.snapshot')), encodeProducerSnapshot(states.snapshotEntries()));
