import type { ConnectRequest, ConnectResponse } from '../../operation/handshake.ts';
import type { Reply, ReplyHeader } from '../../operation/reply.ts';
import type { Request } from '../../operation/request.ts';
import type { WatchEvent } from '../../operation/watch.ts';
import type { LoggedTxn } from '../../txn/txn.ts';

/**
 * A client's end of a connection, as the engine sees it. Calls come in the order in which the client must see them. Who
 * implements it holds them back until every transaction that was logged before them is on the disk.
 */
export interface Peer {
  /** IP address of the client, for the `ip` scheme. */
  readonly address: string;
  connected(response: ConnectResponse): void;
  /** `reply` is undefined where `header.code` is an error. */
  replied(header: ReplyHeader, reply: Reply | undefined): void;
  notified(event: WatchEvent, zxid: number): void;
  /**
   * The connection has to be closed after all that was said before; the session goes on unless it was ended.
   *
   * @param isInOrder the client has asked for it
   */
  closed(reason: string, isInOrder: boolean): void;
}

/** One connection; the engine hands it out, and its owner feeds it with what the client sends. */
export interface Connection {
  /** The first frame. */
  connect(request: ConnectRequest): void;
  /** Every other frame, in order. */
  request(xid: number, request: Request): void;
  /** A request of a type that the codec does not know: UNIMPLEMENTED, then the connection is closed. */
  unimplemented(xid: number): void;
  /** The connection is gone: its watches go; the session stays until it expires. */
  lost(): void;
}

/** Where transactions go on their way to the disk, in order of zxid. */
export interface Journal {
  append(logged: LoggedTxn): void;
}
