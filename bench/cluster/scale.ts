/** How much is measured. The tables of the README are `full`; `tiny` only shows that everything runs. */
export type Scale = {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly throughputMs: number;
  readonly latencyMs: number;
  /** Of the rows that do not depend on what was measured before. */
  readonly recordsPerSecond: number;
  readonly restMs: number;
  /** Of the topic whose leader is killed, and whose brokers idle. */
  readonly partitions: number;
  readonly idleMs: number;
  readonly failovers: number;
  /** Rounds in which each broker is stopped once. */
  readonly shutdownRounds: number;
  readonly movedPartitions: number;
  readonly starts: number;
  /** What Kafka is thought to take of 100 B, so that its rounds are about as long; of 1 KiB a tenth of it. */
  readonly kafkaRecordsPerSecond: number;
};

export const SCALES = {
  full: {
    rounds: 3,
    warmUpMs: 3000,
    throughputMs: 3000,
    latencyMs: 3000,
    recordsPerSecond: 100_000,
    restMs: 2000,
    partitions: 1000,
    idleMs: 20_000,
    failovers: 10,
    shutdownRounds: 3,
    movedPartitions: 10_000,
    starts: 5,
    kafkaRecordsPerSecond: 300_000,
  },
  quick: {
    rounds: 1,
    warmUpMs: 3000,
    throughputMs: 2000,
    latencyMs: 2000,
    recordsPerSecond: 100_000,
    restMs: 1000,
    partitions: 1000,
    idleMs: 10_000,
    failovers: 3,
    shutdownRounds: 1,
    movedPartitions: 2000,
    starts: 3,
    kafkaRecordsPerSecond: 300_000,
  },
  tiny: {
    rounds: 1,
    warmUpMs: 100,
    throughputMs: 200,
    latencyMs: 200,
    recordsPerSecond: 5000,
    restMs: 200,
    partitions: 6,
    idleMs: 200,
    failovers: 1,
    shutdownRounds: 1,
    movedPartitions: 9,
    starts: 1,
    kafkaRecordsPerSecond: 20_000,
  },
} satisfies Record<string, Scale>;
