export { Http2PeerClient, type Http2PeerClientOptions } from './client/http2-peer-client.ts';
export type { LaneLimits } from './client/lane-options.ts';
export type { PeerTls } from './client/undici-lane-stream.ts';
export type { PeerClient, PeerRequest, PeerResponse, SendOptions } from './peer/peer-client.ts';
export { PeerError, type PeerFailure, type PeerOutcome } from './peer/peer-error.ts';
export {
  type AnyPeerHandler,
  handlerOf,
  type PeerContext,
  type PeerHandler,
  type PeerHandlers,
} from './peer/peer-handlers.ts';
export { type TrafficClass, trafficClassOf } from './peer/traffic-class.ts';
export type { PeerLogger } from './server/peer-logger.ts';
export { PeerServer, type PeerServerOptions } from './server/peer-server.ts';
export type { ServerLimits } from './server/server-limits.ts';
export { type Frame, frameOf } from './wire/frame.ts';
export { FrameSplitter } from './wire/frame-splitter.ts';
export { MalformedFrameError } from './wire/malformed-frame-error.ts';
export { Outbox } from './wire/outbox.ts';
export { decodeRequest, encodeRequest, type IncomingRequest } from './wire/request-frame.ts';
export { correlationIdOf, decodeResponse, encodeResponse } from './wire/response-frame.ts';
