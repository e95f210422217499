import type { Random } from '@barnabas/model';

/** What the broker's configuration says about groups. */
export type GroupLimits = {
  /** `group.min.session.timeout.ms` */
  readonly minSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms` */
  readonly maxSessionTimeoutMs: number;
  /** `group.max.size` */
  readonly maxSize: number;
  /** `group.initial.rebalance.delay.ms` */
  readonly initialRebalanceDelayMs: number;
  /** `offset.metadata.max.bytes`; counted, as in Kafka, in characters. */
  readonly offsetMetadataMaxBytes: number;
  /** `offsets.retention.minutes` */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms` */
  readonly retentionCheckIntervalMs: number;
};

/** Where a shard tells what it did; pino's shape, so that a pino logger is one. */
export interface GroupLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export type GroupShardOptions = {
  readonly limits: GroupLimits;
  /** Makes the member ids. */
  readonly random: Pick<Random, 'bytes'>;
  readonly log?: GroupLog;
};

export const NO_GROUP_LOG: GroupLog = { debug: () => {}, info: () => {}, warn: () => {} };
