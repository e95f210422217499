/** One after another to each partition, each with its number there as its value, from 0. */
export type SteadyLoad = {
  /** How many were sent, for each partition. */
  readonly sent: readonly number[];
  /** Resolves when all are acknowledged, with how many that are for each partition. Rejects where one was refused; may be called again. */
  stop(): Promise<readonly number[]>;
};

export type ReadRecord = { readonly partition: number; readonly offset: number; readonly value: number };

/** A member of a group, which commits as it goes. */
export type SteadyMember = {
  /** In the order in which it was told of them. */
  readonly read: readonly ReadRecord[];
  leave(): Promise<void>;
};

/** Kafka's clients as we try them: with idempotence, so that the log has each record once and in order. */
export type SteadyClient = {
  load(bootstrapServers: string, topic: string, partitions: number): Promise<SteadyLoad>;
  join(bootstrapServers: string, group: string, topic: string): Promise<SteadyMember>;
};

/** Between two records to a partition. */
export const PACE_MS = 10;
export const SESSION_TIMEOUT_MS = 6000;
export const COMMIT_INTERVAL_MS = 200;
