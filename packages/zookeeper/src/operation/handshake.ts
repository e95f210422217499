/** The first frame of a connection: a new session (id 0n), or one to go on with. */
export type ConnectRequest = {
  readonly protocolVersion: number;
  /** A server that is behind this refuses the connection. */
  readonly lastZxidSeen: number;
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  /** 16 bytes, or none for a new session. */
  readonly password: Uint8Array | null;
  /** Clients since 3.4 send it. */
  readonly readOnly?: boolean;
};

/** The answer. A `timeoutMs` of 0 or less says that the session is no more. */
export type ConnectResponse = {
  readonly protocolVersion: number;
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  readonly password: Uint8Array;
  /** Only for clients that sent theirs. */
  readonly readOnly?: boolean;
};
