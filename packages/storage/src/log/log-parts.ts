import type { Clock, LogConfig, Offset, Scheduler, TopicPartition } from '@barnabas/model';
import type { GroupCommit } from '../commit/group-commit.ts';
import type { LogWriter } from '../commit/log-writer.ts';
import type { LeaderEpochCache } from '../epoch/leader-epoch-cache.ts';
import type { SavedEpochs } from '../epoch/saved-epochs.ts';
import type { IndexStore } from '../index-file/entry-file.ts';
import type { LogProducers } from './log-producers.ts';
import type { SegmentList } from './segment-list.ts';

/** What a log is made of when it has been opened. */
export type LogParts = {
  readonly topicPartition: TopicPartition;
  readonly dir: string;
  readonly store: IndexStore;
  readonly commit: GroupCommit;
  readonly writer: LogWriter;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly config: LogConfig;
  readonly rollJitterMs: number;
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochCache;
  readonly savedEpochs: SavedEpochs;
  readonly producers: LogProducers;
  readonly producerExpirationMs: number;
  /** Writes the recovery points of the log directory down; resolves when this log's `recoveryPoint` is on the disk. */
  readonly saveRecoveryPoints: () => Promise<void>;
  /** The same for the log starts and this log's `startOffsetToSave`. */
  readonly saveLogStarts: () => Promise<void>;
  readonly startOffset: Offset;
  readonly endOffset: Offset;
};
