import { row } from './row.ts';
import { DAY_MS, UNLIMITED } from './units.ts';
import { double, long } from './value-type.ts';

/** When a log is compacted and what compaction must leave alone. */
export const COMPACTION_ROWS = {
  minCleanableDirtyRatio: row({
    topic: 'min.cleanable.dirty.ratio',
    broker: [{ name: 'log.cleaner.min.cleanable.ratio' }],
    type: double({ min: 0, max: 1 }),
    default: 0.5,
    dynamic: true,
    honoured: false,
    sentence: 'Part of a log that must be dirty before it is worth compacting.',
  }),
  minCompactionLagMs: row({
    topic: 'min.compaction.lag.ms',
    broker: [{ name: 'log.cleaner.min.compaction.lag.ms' }],
    type: long({ min: 0 }),
    default: 0,
    dynamic: true,
    honoured: false,
    sentence: 'How long a new record is safe from compaction.',
  }),
  maxCompactionLagMs: row({
    topic: 'max.compaction.lag.ms',
    broker: [{ name: 'log.cleaner.max.compaction.lag.ms' }],
    type: long({ min: 1 }),
    default: UNLIMITED,
    dynamic: true,
    honoured: false,
    sentence: 'Age at which a record calls for compaction, however little of the log is dirty.',
  }),
  deleteRetentionMs: row({
    topic: 'delete.retention.ms',
    broker: [{ name: 'log.cleaner.delete.retention.ms' }],
    type: long({ min: 0 }),
    default: DAY_MS,
    dynamic: true,
    honoured: false,
    sentence: 'How long compaction keeps a tombstone, or the marker of a transaction, after it first came upon it.',
  }),
};
