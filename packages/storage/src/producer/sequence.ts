/** Sequence numbers of a producer: int32 from 0 to 2147483647, after which comes 0 again; -1 where there is none. */

export const NO_SEQUENCE = -1;

const SEQUENCES = 2 ** 31;

/** The sequence of the record `count` places before the one with `sequence`. */
export const sequenceBefore = (sequence: number, count: number): number =>
  sequence < count ? sequence - count + SEQUENCES : sequence - count;

/** Whether nothing is missing between the two. */
export const isNextSequence = (next: number, last: number): boolean => next === (last + 1) % SEQUENCES;
