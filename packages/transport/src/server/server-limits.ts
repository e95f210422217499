import type { TrafficClass } from '../peer/traffic-class.ts';
import { MAX_FRAME_BYTES } from '../route.ts';

/** What one stream may take of this broker, and how long a peer may be silent. */
export type ServerLimits = {
  /** Of one frame, in either direction. */
  readonly maxFrameBytes: number;
  /** Requests of one stream that handlers work on, or hold back, at once; of a control stream it is one. */
  readonly maxRunning: number;
  /** Answers that wait to be read. Beyond this no more requests are taken; what runs by then may still add to it. */
  readonly maxWaitingBytes: number;
  /** A connection that leaves a ping unanswered for as long is dropped. */
  readonly pingIntervalMs: number;
  /** For answers that are under way when the server closes. */
  readonly closeTimeoutMs: number;
};

export const SERVER_LIMITS: ServerLimits = {
  maxFrameBytes: MAX_FRAME_BYTES,
  maxRunning: 256,
  maxWaitingBytes: 4 * 1024 * 1024,
  pingIntervalMs: 10_000,
  closeTimeoutMs: 3_000,
};

/** Control requests are answered one after the other, which is what keeps their order. */
export const maxRunningOf = (trafficClass: TrafficClass, { maxRunning }: ServerLimits): number =>
  trafficClass === 'control' ? 1 : maxRunning;
