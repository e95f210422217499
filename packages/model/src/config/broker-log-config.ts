import { CLEANER_ROWS } from './cleaner-rows.ts';
import { LOG_MANAGER_ROWS } from './log-manager-rows.ts';
import { type ConfigOf, defaultsOf } from './row.ts';

/** What only a broker sets about its logs. Source: Kafka 3.9's ServerLogConfigs and CleanerConfig, and `log.flush`. */
export const BROKER_LOG_ROWS = { ...LOG_MANAGER_ROWS, ...CLEANER_ROWS };

/** How a broker keeps its logs. */
export type BrokerLogConfig = ConfigOf<typeof BROKER_LOG_ROWS>;

/** A broker for whose logs nothing is set. */
export const DEFAULT_BROKER_LOG_CONFIG: BrokerLogConfig = defaultsOf(BROKER_LOG_ROWS);
