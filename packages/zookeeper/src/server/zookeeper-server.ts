/** A server that serves. */
export interface ZooKeeperServer {
  /** The address that it listens on. */
  readonly host: string;
  readonly port: number;
  /** For clients on this machine: `127.0.0.1:2181`. */
  readonly connectString: string;
  readonly recovery: Recovery;
  /**
   * Resolves when the server has failed: its disk, or something that nobody foresaw. From then on it answers nothing, and
   * all connections are closed; what it did not acknowledge may be on the disk or not. It is still to be closed.
   */
  readonly failed: Promise<Error>;
  /**
   * Ends the connections, not the sessions. Resolves when all is on the disk, with a snapshot of it, and the port and the
   * data directory are free. A snapshot that cannot be written is no failure: nothing is lost with it.
   */
  close(): Promise<void>;
}

/** What a server found when it started. */
export type Recovery = {
  readonly znodes: number;
  readonly sessions: number;
  readonly lastZxid: number;
  /** Transactions that no snapshot had. */
  readonly replayedTxns: number;
};
