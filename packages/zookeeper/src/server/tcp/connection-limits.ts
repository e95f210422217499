/** How much one client may make the server keep for it. */
export type ConnectionLimits = {
  /** Of a request, without its length: `jute.maxbuffer`. */
  readonly maxFrameBytes: number;
  /** Requests whose answers wait for the disk; with as many, no more are read. */
  readonly maxOutstandingRequests: number;
  /** Output that waits for the disk or for the client; with as much, no more requests are read. */
  readonly pauseOutputBytes: number;
  /** With more output than this, which watches or one huge answer can bring about, the connection is dropped. */
  readonly maxOutputBytes: number;
  /** Of all connections together; above it, those with the most output are dropped. */
  readonly maxTotalOutputBytes: number;
  /** From the opening of a connection to its whole first frame. */
  readonly handshakeTimeoutMs: number;
};

const MIB = 1024 * 1024;

/** Those that have a counterpart in ZooKeeper have its default. */
export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  maxFrameBytes: 0xfffff,
  maxOutstandingRequests: 1000,
  pauseOutputBytes: MIB,
  maxOutputBytes: 64 * MIB,
  maxTotalOutputBytes: 256 * MIB,
  handshakeTimeoutMs: 10_000,
};
