import type { Offset } from '@barnabas/model';

/** How much a reader may see: all that is written, what is committed, or what no open transaction may still take back. */
export type ReadIsolation = 'logEnd' | 'highWatermark' | 'lastStable';

export type ReadOptions = {
  readonly maxBytes: number;
  readonly isolation: ReadIsolation;
  /** Answer the first batch whole, though it is larger than `maxBytes`. */
  readonly minOneBatch?: boolean;
};

/** An append that the log has taken: its place is decided, and `acknowledged` says when it is safe. */
export type Appended = {
  readonly firstOffset: Offset;
  readonly lastOffset: Offset;
  /** The time that the log gave the records, where the topic has LogAppendTime. */
  readonly appendTimeMs: number | undefined;
  /** The producer had sent the batch before: it is in the log once, at these offsets. */
  readonly duplicate: boolean;
  /** Resolves when the append is as safe as `log.flush` asks for; rejects with LogDirFailedError. */
  readonly acknowledged: Promise<void>;
};

/** Special queries of `offsetForTimestamp`, as ListOffsets has them. */
export const LATEST_TIMESTAMP = -1;
export const EARLIEST_TIMESTAMP = -2;
export const MAX_TIMESTAMP = -3;
