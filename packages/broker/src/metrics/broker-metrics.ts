/**
 * What the parts of a broker count. Gauges are not here: they are read off the parts when somebody asks for `/metrics`.
 */
export interface BrokerMetrics {
  isrShrunk(): void;
  isrExpanded(): void;
  isrUpdateFailed(): void;
  /** Produced by clients; followers' appends are not. */
  bytesIn(topic: string, bytes: number, records: number): void;
  /** Fetched by consumers. */
  bytesOut(topic: string, bytes: number): void;
  /** Fetched by followers. */
  replicationBytesOut(bytes: number): void;
  replicationBytesIn(bytes: number): void;
  produceFailed(topic: string): void;
  fetchFailed(topic: string): void;
  /** A request from its arrival to its answer, whichever door it came through. */
  requestAnswered(api: string, durationMs: number): void;
  uncleanLeaderElected(): void;
  /** The groups of a partition of `__consumer_offsets`, from the news that this broker leads it to the first answer. */
  groupsLoaded(durationMs: number): void;
  /** By groups, of that many partitions. */
  offsetsCommitted(count: number): void;
}

export const NO_METRICS: BrokerMetrics = {
  isrShrunk: () => {},
  isrExpanded: () => {},
  isrUpdateFailed: () => {},
  bytesIn: () => {},
  bytesOut: () => {},
  replicationBytesOut: () => {},
  replicationBytesIn: () => {},
  produceFailed: () => {},
  fetchFailed: () => {},
  requestAnswered: () => {},
  uncleanLeaderElected: () => {},
  groupsLoaded: () => {},
  offsetsCommitted: () => {},
};
