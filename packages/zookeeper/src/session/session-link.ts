import type { Reply } from '../operation/reply.ts';
import type { Request } from '../operation/request.ts';
import type { WatchEvent } from '../operation/watch.ts';

/** The requests that a session makes; the rest of the protocol is for the server and for its tests. */
export type SessionRequest = Request & {
  readonly op:
    | 'create'
    | 'delete'
    | 'exists'
    | 'getData'
    | 'setData'
    | 'getChildren2'
    | 'getACL'
    | 'setACL'
    | 'multi'
    | 'sync';
};

/** What became of a request that was sent. */
export type Answer =
  | { readonly type: 'reply'; readonly reply: Reply }
  /** The server's number, which need not be in the table. */
  | { readonly type: 'error'; readonly code: number }
  /** The connection went before an answer came. */
  | { readonly type: 'unanswered'; readonly reason?: string };

export type LinkListener = {
  /**
   * The server has taken the session, for the first time or once more. Watches are gone on the server's side.
   * `askedAtMs` is when the request for it was sent, by the steady clock: the server has heard of us since then.
   */
  connected(session: { readonly sessionId: bigint; readonly timeoutMs: number; readonly askedAtMs: number }): void;
  /** A watch fired. */
  notified(event: WatchEvent): void;
  /**
   * The connection is gone, or an attempt to make one has failed; every request of it has been answered as `unanswered`;
   * the link looks for another server.
   */
  disconnected(reason: string): void;
  /** The server said that the session is over, or refused what it was authenticated as; nothing more will come. */
  ended(code: 'SESSION_EXPIRED' | 'AUTH_FAILED', reason: string): void;
};

/**
 * What a session needs of a connection: one session, over one connection after the other, until it is closed. It knows
 * servers, frames and the wire; it knows no deadline of a request, no chroot and no session timeout.
 */
export interface SessionLink {
  /** Begins to look for a server, and tells `listener`; once. */
  open(listener: LinkListener): void;
  /**
   * Sends a request now, while connected; `done` is called once, in the order of the sends, with what became of it.
   * While not connected `done` is called with `unanswered`, and nothing is sent then or later.
   */
  send(request: SessionRequest, done: (answer: Answer) => void): void;
  /** Cuts the connection, as if the network had, tells all before it returns, and looks for another server. */
  drop(reason: string): void;
  /** Ends the session if `politely` and connected, waits for the answer for `deadlineMs` at most; frees all it holds. */
  close(politely: boolean, deadlineMs: number): Promise<void>;
}

/** Makes the link of a new session; all of a client's links go to the same ensemble. */
export type LinkFactory = (options: { readonly timeoutMs: number }) => SessionLink;
