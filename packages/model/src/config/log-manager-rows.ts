import { row } from './row.ts';
import { DAY_MS, MINUTE_MS } from './units.ts';
import { int, listOf, long, oneOf } from './value-type.ts';

/** A broker's log directories and the work done on all of its logs. */
export const LOG_MANAGER_ROWS = {
  logDirs: row({
    broker: [{ name: 'log.dirs' }, { name: 'log.dir' }],
    type: listOf(/./, 'directories, with commas between them'),
    default: ['/tmp/kafka-logs'],
    dynamic: false,
    honoured: true,
    sentence: 'Directories for the partitions, each with its own lock, checkpoints and failures.',
  }),
  numRecoveryThreadsPerDataDir: row({
    broker: [{ name: 'num.recovery.threads.per.data.dir' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: true,
    honoured: true,
    sentence: 'Number of logs of a directory that are opened, recovered or closed at a time.',
  }),
  logFlush: row({
    broker: [{ name: 'log.flush' }],
    type: oneOf(['group', 'os']),
    default: 'group',
    dynamic: false,
    honoured: true,
    sentence:
      'Not in Kafka. `group`: an append is acknowledged once it is on disk, with one flush for all that arrived during the last; `os`: as in Kafka, once it is in the page cache.',
  }),
  logFlushOffsetCheckpointIntervalMs: row({
    broker: [{ name: 'log.flush.offset.checkpoint.interval.ms' }],
    type: int({ min: 0 }),
    default: 1000,
    dynamic: false,
    honoured: true,
    sentence:
      'How often it is written down how far each log is known to be on disk. Kafka: 60000; more often here, because after a crash a bad batch below that point is known for corruption, not mistaken for a torn tail.',
  }),
  logFlushStartOffsetCheckpointIntervalMs: row({
    broker: [{ name: 'log.flush.start.offset.checkpoint.interval.ms' }],
    type: int({ min: 0 }),
    default: MINUTE_MS,
    dynamic: false,
    honoured: false,
    sentence: 'How often it is written down where each log starts.',
  }),
  logRetentionCheckIntervalMs: row({
    broker: [{ name: 'log.retention.check.interval.ms' }],
    type: long({ min: 1 }),
    default: 5 * MINUTE_MS,
    dynamic: false,
    honoured: false,
    sentence: 'How often logs are searched for segments to delete.',
  }),
  logInitialTaskDelayMs: row({
    broker: [{ name: 'log.initial.task.delay.ms' }],
    type: long({ min: 0 }),
    default: MINUTE_MS / 2,
    dynamic: false,
    honoured: false,
    sentence: 'How long after the start the work that recurs begins: retention, checkpoints, flushes by time.',
  }),
  producerIdExpirationMs: row({
    broker: [{ name: 'producer.id.expiration.ms' }],
    type: int({ min: 1 }),
    default: DAY_MS,
    dynamic: true,
    honoured: true,
    sentence: 'Age of its last record at which a producer that does nothing is forgotten.',
  }),
  producerIdExpirationCheckIntervalMs: row({
    broker: [{ name: 'producer.id.expiration.check.interval.ms' }],
    type: int({ min: 1 }),
    default: 10 * MINUTE_MS,
    dynamic: false,
    honoured: false,
    sentence: 'How often producers to forget are looked for.',
  }),
};
