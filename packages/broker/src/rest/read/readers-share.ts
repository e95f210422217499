import type { FetchTurns } from '../asking/fetch-turns.ts';
import type { Slots } from '../http/slots.ts';

/** What all readers have together. */
export type ReadersShare = {
  readonly turns: FetchTurns;
  /** For those who wait. */
  readonly slots: Slots;
};
