import type { TrafficClass } from './peer/traffic-class.ts';

/**
 * The route: POST /internal/v1/frames/<class>. Frames of requests go up in its body and frames of responses come down in
 * its answer, both at once and for as long as the two sides like.
 */
export const FRAMES_ROUTE = '/internal/v1/frames/:class';
export const framesPath = (trafficClass: TrafficClass): string => `/internal/v1/frames/${trafficClass}`;
export const FRAMES_CONTENT_TYPE = 'application/vnd.barnabas.frames';

/** Of one stream, and of a connection, which has one: what may be under way to a reader that is not ready for it. */
export const WINDOW_BYTES = 8 * 1024 * 1024;
/** Of one DATA frame that the acceptor takes. */
export const HTTP2_FRAME_BYTES = 1024 * 1024;
/** As `socket.request.max.bytes`. */
export const MAX_FRAME_BYTES = 100 * 1024 * 1024;
