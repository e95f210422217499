const MAX = 2 ** 31 - 1;

/** Sequence number `by` places after `from` as Java counts it, whatever a damaged batch gives for the two; int32. */
export const incrementSequence = (from: number, by: number): number =>
  from > ((MAX - by) | 0) ? (by - (MAX - from) - 1) | 0 : (from + by) | 0;
