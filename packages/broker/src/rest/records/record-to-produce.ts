import type { RecordContent } from '@barnabas/protocol';

/** A record as a request gives it. */
export type RecordToProduce = RecordContent & {
  /** Epoch ms; undefined for the time at which it arrives. */
  readonly timestamp: number | undefined;
  /** Where the record itself says so. */
  readonly partition: number | undefined;
};
