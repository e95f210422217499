/** How much is measured. The table of the README is `full`; `tiny` only shows that everything runs. */
export type Scale = {
  readonly rounds: number;
  /** Aim for the duration of one round of appends or reads. */
  readonly roundMs: number;
  /** What one round of appends may write, so that the page cache takes it all without writing it back. */
  readonly appendBytes: number;
  /** Clients with one append in flight each. */
  readonly inFlight: readonly number[];
  readonly readBytes: number;
  readonly openPartitions: number;
  readonly memoryPartitions: number;
  readonly openRounds: number;
  readonly recoveryBytes: number;
};

const MIB = 2 ** 20;

export const SCALES = {
  full: {
    rounds: 5,
    roundMs: 200,
    appendBytes: 192 * MIB,
    inFlight: [1, 16, 256],
    readBytes: 128 * MIB,
    openPartitions: 1000,
    memoryPartitions: 4000,
    openRounds: 5,
    recoveryBytes: 1024 * MIB,
  },
  quick: {
    rounds: 2,
    roundMs: 40,
    appendBytes: 32 * MIB,
    inFlight: [16],
    readBytes: 16 * MIB,
    openPartitions: 100,
    memoryPartitions: 200,
    openRounds: 2,
    recoveryBytes: 64 * MIB,
  },
  tiny: {
    rounds: 1,
    roundMs: 2,
    appendBytes: MIB,
    inFlight: [4],
    readBytes: MIB,
    openPartitions: 2,
    memoryPartitions: 2,
    openRounds: 1,
    recoveryBytes: MIB,
  },
} satisfies Record<string, Scale>;
