import type { Offset } from '@barnabas/model';
import type { Segment } from '../segment/segment.ts';

/** What a log has decided and its commit round is to carry out, in order. */
export type PendingOp =
  | {
      readonly kind: 'batch';
      readonly segment: Segment;
      readonly bytes: Buffer;
      readonly position: number;
      readonly nextOffset: Offset;
      /** Replicas are about to ask for it. */
      readonly isSoonRead: boolean;
    }
  | Roll
  | { readonly kind: 'abort'; readonly segment: Segment; readonly entry: Buffer };

/** A segment has been closed and `opened` follows it; `snapshot` is the producer state at its base offset. */
export type Roll = {
  readonly kind: 'roll';
  readonly closed: Segment;
  readonly opened: Segment;
  readonly snapshot: Buffer;
};
