/** One server of an ensemble that a test has for itself. It is started by its ensemble, and ends with it. */
export interface Member {
  readonly id: number;
  readonly host: string;
  /** For clients; the same one after every start. */
  readonly port: number;
  /** Starts it, again after `kill` or `stop`, on the data that it has. Resolves before it serves clients. */
  start(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it keeps its connections, and says nothing. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): Promise<void>;
  /** The end of its log. */
  logTail(): Promise<string>;
}
