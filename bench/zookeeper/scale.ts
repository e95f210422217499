/** How much is measured. The table of the README is `full`; `tiny` only shows that everything runs. */
export type Scale = {
  readonly rounds: number;
  /** Requests in one round. */
  readonly reads: number;
  readonly writes: number;
  /** Requests that one client has under way. */
  readonly inFlight: readonly number[];
  readonly connections: readonly number[];
  readonly startRounds: number;
};

export const SCALES = {
  full: { rounds: 7, reads: 20_000, writes: 10_000, inFlight: [10, 100], connections: [1, 8], startRounds: 7 },
  quick: { rounds: 3, reads: 5000, writes: 2000, inFlight: [10, 100], connections: [1, 8], startRounds: 3 },
  tiny: { rounds: 1, reads: 20, writes: 20, inFlight: [10], connections: [2], startRounds: 1 },
} satisfies Record<string, Scale>;
