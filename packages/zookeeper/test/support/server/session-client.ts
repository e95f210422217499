import { decodeConnectResponse, encodeConnectRequest } from '../../../src/jute/handshake-codec.ts';
import { JuteReader } from '../../../src/jute/jute-reader.ts';
import { decodeReplyHeader } from '../../../src/jute/reply-codec.ts';
import { decodeReply } from '../../../src/jute/reply-reader.ts';
import { decodeWatchEvent } from '../../../src/jute/watch-codec.ts';
import { OPEN_ACL } from '../../../src/operation/acl.ts';
import { CREATE_FLAGS, type CreateMode } from '../../../src/operation/create-mode.ts';
import type { ConnectResponse } from '../../../src/operation/handshake.ts';
import type { Reply, ReplyHeader } from '../../../src/operation/reply.ts';
import type { Request } from '../../../src/operation/request.ts';
import type { WatchEvent } from '../../../src/operation/watch.ts';
import { WireClient } from './wire-client.ts';

export type Answer = { readonly header: ReplyHeader; readonly reply: Reply | undefined };

/** A session over one connection, which makes one request at a time. */
export class SessionClient {
  readonly wire: WireClient;
  readonly response: ConnectResponse;
  #xid = 0;

  private constructor(wire: WireClient, response: ConnectResponse) {
    this.wire = wire;
    this.response = response;
  }

  /** @param before goes on with that session */
  static async open(port: number, timeoutMs = 10_000, before?: ConnectResponse): Promise<SessionClient> {
    const wire = await WireClient.open(port);
    const { sessionId, password } = before ?? { sessionId: 0n, password: null };
    const request = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs, sessionId, password, readOnly: false };
    wire.socket.write(encodeConnectRequest(request));
    await wire.framesCame(1);
    return new SessionClient(wire, decodeConnectResponse(wire.frames.shift() ?? Buffer.alloc(0)));
  }

  /** Sends it and waits for nothing. */
  send(request: Request): void {
    this.wire.send([++this.#xid, request]);
  }

  /** Rejects where the connection is closed before the answer, or something else comes first. */
  async ask(request: Request): Promise<Answer> {
    this.send(request);
    const reader = await this.#next();
    const header = decodeReplyHeader(reader);
    if (header.xid !== this.#xid) throw new Error(`asked ${this.#xid}, and ${header.xid} was answered`);
    return { header, reply: header.code === 0 ? decodeReply(request.op, reader) : undefined };
  }

  async event(): Promise<WatchEvent> {
    const reader = await this.#next();
    const { xid } = decodeReplyHeader(reader);
    if (xid !== -1) throw new Error(`no event, but an answer to ${xid}`);
    return decodeWatchEvent(reader);
  }

  create(path: string, mode: CreateMode = 'persistent'): Promise<Answer> {
    const op = mode === 'container' ? 'createContainer' : 'create';
    return this.ask({ op, path, data: Buffer.from(path), acl: OPEN_ACL, flags: CREATE_FLAGS[mode] });
  }

  async exists(path: string, watch = false): Promise<boolean> {
    const { header } = await this.ask({ op: 'exists', path, watch });
    return header.code === 0;
  }

  async #next(): Promise<JuteReader> {
    await this.wire.framesCame(1);
    return new JuteReader(this.wire.frames.shift() ?? Buffer.alloc(0));
  }
}
