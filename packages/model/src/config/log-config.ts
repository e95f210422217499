import { COMPACTION_ROWS } from './compaction-rows.ts';
import { RECORD_ROWS } from './record-rows.ts';
import { REMOTE_ROWS } from './remote-rows.ts';
import { REPLICATION_ROWS } from './replication-rows.ts';
import { type ConfigOf, defaultsOf } from './row.ts';
import { SEGMENT_ROWS } from './segment-rows.ts';

/** What a topic can set for its logs, and a broker for the topics that do not. Source: Kafka 3.9's LogConfig. */
export const LOG_ROWS = {
  ...SEGMENT_ROWS,
  ...COMPACTION_ROWS,
  ...RECORD_ROWS,
  ...REPLICATION_ROWS,
  ...REMOTE_ROWS,
};

/** How the log of one partition behaves. */
export type LogConfig = ConfigOf<typeof LOG_ROWS>;

/** A log for which nothing is set. */
export const DEFAULT_LOG_CONFIG: LogConfig = defaultsOf(LOG_ROWS);
