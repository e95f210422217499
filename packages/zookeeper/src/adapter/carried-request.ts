import type ConnectionManager from 'node-zookeeper-client/lib/ConnectionManager.js';
import { encodeRequest } from '../jute/request-codec.ts';
import { XID } from '../operation/reply.ts';
import type { OpName, Request } from '../operation/request.ts';
import type { Answer } from '../session/session-link.ts';

/** Of a frame with its length: where the xid stands. */
const XID_AT = 4;

/**
 * Types as the package knows them. To it all but the last request is a delete: numbered, kept until it is answered, and
 * answered by a header with nothing behind it, so that it reads no record.
 */
const DELETE = 2;
const CLOSE_SESSION = -11;

/** A request in our own encoding, as the package takes it: it numbers it, sends it and keeps it until it is answered. */
export class CarriedRequest implements ConnectionManager.Request {
  readonly op: OpName;
  readonly header: { xid: number; readonly type: number };
  /** What became of it; undefined until the answer to it was read. */
  answer: Answer | undefined;
  readonly #frame: Buffer;

  constructor(request: Request) {
    this.op = request.op;
    this.header = { xid: 0, type: request.op === 'closeSession' ? CLOSE_SESSION : DELETE };
    this.#frame = encodeRequest(0, request);
  }

  /** The xid that it has on the wire, and its answer too: not the package's where the protocol says which one. */
  get wireXid(): number {
    return this.op === 'auth' ? XID.auth : this.header.xid;
  }

  toBuffer(): Buffer {
    this.#frame.writeInt32BE(this.wireXid, XID_AT);
    return this.#frame;
  }
}
