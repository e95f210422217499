import ConnectionManager from 'node-zookeeper-client/lib/ConnectionManager.js';
import { decodeConnectResponse } from '../jute/handshake-codec.ts';
import type { JuteReader } from '../jute/jute-reader.ts';
import { MalformedJuteError } from '../jute/malformed-jute-error.ts';
import { decodeReply } from '../jute/reply-reader.ts';
import type { ReplyHeader } from '../operation/reply.ts';
import type { Request } from '../operation/request.ts';
import type { Answer } from '../session/session-link.ts';
import { CarriedRequest } from './carried-request.ts';

const { STATES } = ConnectionManager;

/** The package writes xids as int32; it starts over well before their end. */
const XID_END = 2 ** 31 - 1;

/** It is never dialled: where to connect is decided by whoever `connect` belongs to. */
const NO_SERVER = 'unused';

/**
 * The package's part: it keeps the session (id, password, timeout, last zxid), asks for it and takes the answer, numbers
 * requests and keeps them until they are answered, and says when to connect again. This class is all that calls it. It
 * hands over only what our own codec has read without complaint, and of an answer only a header that the package knows:
 * no record, no error code and no watch event reaches it, and no request while it is not connected.
 */
export class PackageSession {
  readonly #manager: ConnectionManager;
  /** Greatest that came with an answer: the next server must not be behind it. */
  #lastZxid = 0;
  #lossReason = '';

  /**
   * @param connect called when the package wants a connection: at `open`, and whenever one was lost before `close`
   * @param firstXid not 0: there are servers that keep count of xids above it only
   */
  constructor(timeoutMs: number, connect: () => void, firstXid = 1) {
    const manager = new ConnectionManager(NO_SERVER, { sessionTimeout: timeoutMs, spinDelay: 0 }, () => {});
    manager.xid = firstXid;
    manager.connect = () => {
      manager.setState(STATES.CONNECTING);
      connect();
    };
    this.#manager = manager;
  }

  /** 0n until a server has given it one. */
  get sessionId(): bigint {
    return this.#manager.sessionId.readBigInt64BE();
  }

  /** What was agreed on with the server. */
  get timeoutMs(): number {
    return this.#manager.sessionTimeout;
  }

  /** Whether what comes next from the server is its answer to the handshake. */
  get isConnecting(): boolean {
    return this.#manager.state === STATES.CONNECTING;
  }

  open(): void {
    this.#manager.connect();
  }

  /** Asks for the session, over a connection that has just been made. */
  begin(output: ConnectionManager.Output): void {
    this.#manager.socket = output;
    this.#manager.onSocketConnected();
  }

  /**
   * Takes the server's first frame: whether the session goes on.
   *
   * @throws MalformedJuteError also where it is not the session that was asked for
   */
  takeConnectResponse(frame: Buffer): boolean {
    const { timeoutMs, sessionId } = decodeConnectResponse(frame);
    const isAlive = timeoutMs > 0;
    if (isAlive && (sessionId === 0n || (this.sessionId !== 0n && sessionId !== this.sessionId))) {
      throw new MalformedJuteError(8, `Session 0x${sessionId.toString(16)} is not the one that was asked for,`);
    }
    const length = Buffer.alloc(4);
    length.writeInt32BE(frame.length);
    this.#manager.onSocketData(Buffer.concat([length, frame]));
    return isAlive;
  }

  /** Only while connected; `done` is called once, in the order of the calls. */
  send(request: Request, done: (answer: Answer) => void): void {
    const carried = new CarriedRequest(request);
    if (this.#manager.xid >= XID_END) this.#manager.xid = 1;
    this.#manager.queue(carried, () => done(carried.answer ?? { type: 'unanswered', reason: this.#lossReason }));
  }

  /**
   * Takes an answer, of which `header` has been read.
   *
   * @throws MalformedJuteError also where it is not the answer that is due; then no request has been answered by it
   */
  takeReply(header: ReplyHeader, reader: JuteReader): void {
    const due = this.#manager.pendingQueue[0]?.request;
    if (!(due instanceof CarriedRequest)) throw new MalformedJuteError(0, `Nothing was asked as ${header.xid},`);
    if (due.wireXid !== header.xid) {
      throw new MalformedJuteError(0, `${header.xid} is answered where ${due.wireXid} is due,`);
    }
    due.answer =
      header.code === 0 ? { type: 'reply', reply: decodeReply(due.op, reader) } : { type: 'error', code: header.code };
    this.#lastZxid = Math.max(this.#lastZxid, header.zxid);
    this.#manager.onSocketData(headerFrame(due.header.xid, this.#lastZxid));
  }

  /** Ends the session: nothing is sent after it. `done` as in `send`. */
  close(done: (answer: Answer) => void): void {
    this.#manager.setState(STATES.CLOSING);
    this.send({ op: 'closeSession' }, done);
  }

  /** The session has ended: the next `lost` is not followed by another connection. */
  end(): void {
    this.#manager.setState(STATES.CLOSING);
  }

  /** The connection is gone: answers all that was sent by `unanswered`, then has `connect` called unless it has ended. */
  lost(reason: string): void {
    this.#lossReason = reason;
    this.#manager.onSocketClosed();
  }
}

/** ReplyHeader without an error, as a frame with its length: xid int32 | zxid int64 | err int32. */
function headerFrame(xid: number, zxid: number): Buffer {
  const frame = Buffer.allocUnsafe(20);
  frame.writeInt32BE(16, 0);
  frame.writeInt32BE(xid, 4);
  frame.writeUInt32BE(Math.floor(zxid / 2 ** 32), 8);
  frame.writeUInt32BE(zxid >>> 0, 12);
  frame.writeInt32BE(0, 16);
  return frame;
}
