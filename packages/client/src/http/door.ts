/** A request to one server. */
export type DoorRequest = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

/** Its answer, whole, whatever its status. */
export type DoorResponse = {
  readonly status: number;
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
};

export type DoorLimits = {
  /** How long the caller waits for all of the answer. */
  readonly timeoutMs: number;
  /** Not aborted yet. Gives up at once when it is. */
  readonly signal: AbortSignal;
};

/** The port through which a client talks to servers. */
export interface Door {
  /**
   * Sends a request once, to `server`, the start of a URL such as `http://127.0.0.1:8081`.
   *
   * @throws ClientError where there is no whole answer; its outcome says whether the server may have acted on it
   */
  send(server: string, request: DoorRequest, limits: DoorLimits): Promise<DoorResponse>;

  /** Breaks off what is under way. */
  close(): Promise<void>;
}
