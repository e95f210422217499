import type { APIS, ApiName, InputOf, TypeOf } from '@barnabas/protocol';

/** The request of an API as it is sent: fields that have a default may be missing. */
export type PeerRequest<Name extends ApiName> = InputOf<(typeof APIS)[Name]['request']>;
/** The response of an API as it is received. Bytes in it are views of the frame they came in. */
export type PeerResponse<Name extends ApiName> = TypeOf<(typeof APIS)[Name]['response']>;

export type SendOptions = {
  /** How long the caller waits, from now; also while there is no connection. */
  readonly deadlineMs: number;
};

/** The port through which one broker talks to one other. */
export interface PeerClient {
  /**
   * Sends a request and answers with its response. Nothing is sent twice. Control requests (see `trafficClassOf`) reach
   * their handlers in the order of the calls, one after the answer to the other, as long as a
   * connection lasts; after it broke, the epochs in them must tell old from new. Others may overtake each other.
   *
   * @throws PeerError where there is no answer; its `outcome` says whether the request may have been executed
   * @throws UnencodableMessageError, UnsupportedMessageVersionError for a request that cannot be written; nothing was sent
   */
  send<Name extends ApiName>(
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    options: SendOptions,
  ): Promise<PeerResponse<Name>>;

  /** Fails what is in flight and closes the connections. A client that was closed refuses every request. */
  close(): Promise<void>;
}
