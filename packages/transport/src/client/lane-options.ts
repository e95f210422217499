import type { Clock, Random, Scheduler } from '@barnabas/model';
import type { OpenLaneStream } from './lane-stream.ts';

/** What may be in flight to one peer in one class of traffic, and how long opening may take. */
export type LaneLimits = {
  /** Requests that wait to be sent or to be answered. */
  readonly maxInFlight: number;
  /** Bytes of those requests. */
  readonly maxInFlightBytes: number;
  /** Of one frame, in either direction. */
  readonly maxFrameBytes: number;
  /** From dialling until the peer has accepted the stream. */
  readonly openTimeoutMs: number;
};

export type LaneOptions = {
  /** For messages: `broker 3 (fetch)`. */
  readonly name: string;
  /** In the header of every request. */
  readonly clientId: string;
  readonly limits: LaneLimits;
  readonly open: OpenLaneStream;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
};
