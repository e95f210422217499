import { row } from './row.ts';
import { MIB, MINUTE_MS } from './units.ts';
import { boolean, double, int, long } from './value-type.ts';

/** The cleaner, which compacts the logs of a broker. */
export const CLEANER_ROWS = {
  logCleanerEnable: row({
    broker: [{ name: 'log.cleaner.enable' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: false,
    sentence: 'Whether logs are compacted at all.',
  }),
  logCleanerThreads: row({
    broker: [{ name: 'log.cleaner.threads' }],
    type: int({ min: 0 }),
    default: 1,
    dynamic: true,
    honoured: false,
    sentence: 'Number of logs that are compacted at a time.',
  }),
  logCleanerDedupeBufferSize: row({
    broker: [{ name: 'log.cleaner.dedupe.buffer.size' }],
    type: long(),
    default: 128 * MIB,
    dynamic: true,
    honoured: false,
    sentence: 'Memory for the keys of the logs that are being compacted.',
  }),
  logCleanerIoBufferSize: row({
    broker: [{ name: 'log.cleaner.io.buffer.size' }],
    type: int({ min: 0 }),
    default: MIB / 2,
    dynamic: true,
    honoured: false,
    sentence: 'Memory for reading and writing while compacting.',
  }),
  logCleanerIoBufferLoadFactor: row({
    broker: [{ name: 'log.cleaner.io.buffer.load.factor' }],
    type: double(),
    default: 0.9,
    dynamic: true,
    honoured: false,
    sentence: 'How full the memory for keys may get.',
  }),
  logCleanerIoMaxBytesPerSecond: row({
    broker: [{ name: 'log.cleaner.io.max.bytes.per.second' }],
    type: double(),
    default: Number.MAX_VALUE,
    dynamic: true,
    honoured: false,
    sentence: 'How much compaction may read and write in a second.',
  }),
  logCleanerBackoffMs: row({
    broker: [{ name: 'log.cleaner.backoff.ms' }],
    type: long({ min: 0 }),
    default: MINUTE_MS / 4,
    dynamic: true,
    honoured: false,
    sentence: 'How long the cleaner rests when no log needs it.',
  }),
};
