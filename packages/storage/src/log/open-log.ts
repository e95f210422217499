import { join } from 'node:path';
import { type LogConfig, type Offset, offset, type Random, type TopicPartition } from '@barnabas/model';
import { LEADER_EPOCH_CHECKPOINT } from '../checkpoint/leader-epoch-checkpoint.ts';
import type { GroupCommit } from '../commit/group-commit.ts';
import { createSegmentFiles, type FlushPolicy, LogWriter } from '../commit/log-writer.ts';
import type { RecentBudget } from '../commit/recent-batches.ts';
import { SavedEpochs } from '../epoch/saved-epochs.ts';
import { SEGMENT_SUFFIXES } from '../file-names.ts';
import { removeIfThere } from '../files/remove-if-there.ts';
import { Segment } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';
import { checkTimeIndex } from './check-time-index.ts';
import { loadEpochs } from './load-epochs.ts';
import { endOfBatches } from './locate.ts';
import { Log } from './log.ts';
import type { LogParts } from './log-parts.ts';
import { rebuildIndexes, withoutIndexes } from './rebuild-indexes.ts';
import { rebuildProducers } from './rebuild-producers.ts';
import { type Cut, firstToScan, type RecoveryRequest, recoverSegments } from './recover-segments.ts';
import { MAX_RELATIVE_OFFSET } from './roll-policy.ts';
import { SegmentList } from './segment-list.ts';
import { tidyDirectory } from './tidy-directory.ts';

/** What all logs of a log directory share. */
export type LogEnvironment = Pick<LogParts, 'store' | 'commit' | 'clock' | 'scheduler' | 'producerExpirationMs'> & {
  readonly commit: GroupCommit;
  readonly random: Random;
  readonly recentBudget: RecentBudget;
  readonly flushMode: FlushPolicy['mode'];
};

export type OpenRequest = {
  readonly topicPartition: TopicPartition;
  /** The partition's directory, which exists. */
  readonly dir: string;
  readonly config: LogConfig;
  /** The log directory was closed cleanly: nothing needs to be scanned. */
  readonly clean: boolean;
  /** From the checkpoints; 0 where they say nothing. */
  readonly recoveryPoint: Offset;
  readonly startOffset: Offset;
  /** The first offset that compaction has not seen. */
  readonly cleanedBelow: Offset;
  readonly acceptLoss?: boolean;
  readonly saveRecoveryPoints: LogParts['saveRecoveryPoints'];
  readonly saveLogStarts: LogParts['saveLogStarts'];
};

export type OpenedLog = { readonly log: Log; readonly cut: Cut | undefined };

/**
 * Opens the log in a partition's directory, or begins one in an empty directory. After an unclean stop everything from
 * the recovery point on is read and checked; see `recoverSegments`.
 *
 * Rejects with CorruptLogError where flushed data is missing or damaged, with MalformedFileError for a
 * transaction index that cannot be read, or with the system's error. The `.log` files are as they were then.
 */
export const openLog = async (env: LogEnvironment, request: OpenRequest): Promise<OpenedLog> => {
  const { dir, config } = request;
  const { handles } = env.store;
  const nowMs = env.clock.nowMs();
  const source = { fs: handles.fs, dir, nowMs, expirationMs: env.producerExpirationMs };
  const { segments, unindexed } = await openSegments(env, request, nowMs);
  const startOffset = offset(Math.max(request.startOffset, segments[0]?.baseOffset ?? 0));
  const { epochs, isSaved } = await loadEpochs(handles.fs, dir, segments);
  const { endOffset, cut } = await findEnd(request, { source, segments, unindexed, epochs, startOffset });
  const list = await usableSegments(env, dir, segments, startOffset, endOffset);
  const end = offset(Math.max(endOffset, list.active.baseOffset));
  const isEndCut = epochs.truncateFromEnd(end);
  const isStartCut = epochs.truncateFromStart(startOffset);
  const savedEpochs = new SavedEpochs(handles.fs, join(dir, LEADER_EPOCH_CHECKPOINT), epochs);
  if (!request.clean || !isSaved || isEndCut || isStartCut) savedEpochs.changed();
  await savedEpochs.save();
  const producers = await rebuildProducers(source, list.all, startOffset, end);
  await checkTimeIndex(list.active, config.indexIntervalBytes);
  await list.active.prepareForAppend();
  const policy = { mode: env.flushMode, flushMessages: config.flushMessages };
  const { store, commit, recentBudget } = env;
  const writer = new LogWriter({ dir, store, commit, policy, end, flushed: end, recentBudget });
  const log = new Log({
    ...env,
    topicPartition: request.topicPartition,
    dir,
    writer,
    config,
    rollJitterMs: config.segmentJitterMs > 0 ? env.random.below(Math.min(config.segmentJitterMs, 2 ** 31) + 1) : 0,
    segments: list,
    epochs,
    savedEpochs,
    producers,
    saveRecoveryPoints: request.saveRecoveryPoints,
    saveLogStarts: request.saveLogStarts,
    startOffset,
    endOffset: end,
  });
  return { log, cut };
};

type FoundLog = Pick<RecoveryRequest, 'source' | 'segments' | 'epochs' | 'startOffset'> & {
  readonly unindexed: readonly Segment[];
};

/** Where the log ends, after recovery where it was not closed cleanly. Missing indexes are made anew on the way. */
const findEnd = async (
  { clean, config, recoveryPoint, cleanedBelow, acceptLoss = false }: OpenRequest,
  { unindexed, ...found }: FoundLog,
): Promise<{ endOffset: Offset; cut: Cut | undefined }> => {
  const { indexIntervalBytes } = config;
  const { segments } = found;
  // Before recovery, which may cut: a log that is refused has to be as it was.
  for (const segment of clean ? segments : segments.slice(0, firstToScan(segments, recoveryPoint))) {
    if (unindexed.includes(segment)) await rebuildIndexes(segment, indexIntervalBytes);
  }
  if (clean) return { endOffset: await cleanEnd(found, recoveryPoint), cut: undefined };
  return recoverSegments({ ...found, recoveryPoint, indexIntervalBytes, cleanedBelow, acceptLoss });
};

const openSegments = async (
  env: LogEnvironment,
  { dir }: OpenRequest,
  nowMs: number,
): Promise<{ segments: Segment[]; unindexed: Segment[] }> => {
  const { handles } = env.store;
  const files = await tidyDirectory(handles, dir);
  const bases = files.filter(({ suffix }) => suffix === '.log').map(({ baseOffset }) => baseOffset);
  const segments = bases.sort((a, b) => a - b).map((base) => new Segment(env.store, dir, base, 0, nowMs));
  await Promise.all(
    segments.map(async (segment) => {
      const { sizeBytes } = await handles.fs.stat(segment.logPath);
      segment.sizeBytes = sizeBytes;
      segment.writtenBytes = sizeBytes;
    }),
  );
  return { segments, unindexed: withoutIndexes(segments, files) };
};

/** Where a log that was closed cleanly ends. Everything in it was flushed then, so that a torn end is corruption. */
const cleanEnd = async (
  { segments, startOffset }: Pick<FoundLog, 'segments' | 'startOffset'>,
  recoveryPoint: Offset,
): Promise<Offset> => {
  const active = segments.at(-1);
  if (active === undefined) return startOffset;
  const { nextOffset, position } = await endOfBatches(active);
  const refuse = (reason: string): never => {
    throw new CorruptLogError(active.logPath, position, reason);
  };
  if (position < active.writtenBytes) refuse('no whole batch begins here, though the log was closed cleanly');
  if (nextOffset < active.baseOffset || nextOffset - active.baseOffset - 1 > MAX_RELATIVE_OFFSET) {
    refuse(`the batch before it ends at offset ${nextOffset - 1}, which cannot be here`);
  }
  if (nextOffset < recoveryPoint) {
    refuse(`the log ends at offset ${nextOffset}, but all below ${recoveryPoint} had been flushed`);
  }
  return nextOffset;
};

/**
 * The segments to go on with: an empty one at the log start where there are none, or where the log ends below the start
 * that DeleteRecords had moved up, so that nothing in it is wanted any more.
 */
const usableSegments = async (
  env: LogEnvironment,
  dir: string,
  segments: readonly Segment[],
  startOffset: Offset,
  endOffset: Offset,
): Promise<SegmentList> => {
  if (segments.length > 0 && endOffset >= startOffset) return new SegmentList(segments);
  const { fs } = env.store.handles;
  for (const segment of segments.toReversed()) {
    await segment.release();
    for (const suffix of SEGMENT_SUFFIXES) await removeIfThere(fs, segment.pathOf(suffix));
  }
  const opened = new Segment(env.store, dir, startOffset, 0, env.clock.nowMs());
  opened.beginAnew();
  await createSegmentFiles(env.store, opened);
  await fs.syncDirectory(dir);
  return new SegmentList([opened]);
};
