import {
  type Connection,
  type ConnectRequest,
  type ConnectResponse,
  type Engine,
  type ErrorCodeName,
  errorNameByCode,
  type OpName,
  type Reply,
  type ReplyHeader,
  type Request,
  XID,
} from '../../../src/index.ts';
import { RecordingPeer, type Told } from './recording-peer.ts';

const NEW_SESSION = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs: 10_000, sessionId: 0n, password: null };

/** What a request came to: OK, or the name of the error. */
export type Answer = {
  readonly code: ErrorCodeName | 'OK';
  readonly header: ReplyHeader;
  readonly reply: Reply | undefined;
};

type ReplyTo<O extends OpName, R extends Reply = Reply> = R extends Reply ? (O extends R['op'] ? R : never) : never;

/** A client of an engine, without a wire between them. */
export class EngineClient {
  readonly peer: RecordingPeer;
  readonly connection: Connection;
  #xid = 0;

  constructor(engine: Engine, address = '127.0.0.1') {
    this.peer = new RecordingPeer(address);
    this.connection = engine.attach(this.peer);
  }

  /** Shakes hands; undefined if the connection was closed instead. */
  connect(request: Partial<ConnectRequest> = {}): ConnectResponse | undefined {
    this.connection.connect({ ...NEW_SESSION, ...request });
    return this.peer.session;
  }

  get session(): ConnectResponse {
    if (this.peer.session === undefined) throw new Error('not connected');
    return this.peer.session;
  }

  /** Makes a request; its answer, after which nothing was told. */
  ask(request: Request, xid = ++this.#xid): Answer {
    this.connection.request(xid, request);
    const answer = this.peer.told.findLast((told) => told.type === 'replied');
    if (answer === undefined || answer.header.xid !== (request.op === 'ping' ? XID.ping : xid)) {
      throw new Error(`${request.op} was not answered`);
    }
    const { header, reply } = answer;
    const code = header.code === 0 ? 'OK' : errorNameByCode(header.code);
    if (code === undefined) throw new Error(`${header.code} has no name`);
    return { code, header, reply };
  }

  /** The reply to a request that must succeed. */
  get<R extends Request>(request: R): ReplyTo<R['op']> {
    const { code, reply } = this.ask(request);
    if (reply?.op !== request.op) throw new Error(`${request.op} was answered with ${code}`);
    return reply as ReplyTo<R['op']>;
  }

  /** What was told since it was asked for last. */
  takeTold(): Told[] {
    return this.peer.told.splice(0);
  }

  /** Of that, the events, as `type path`. */
  takeEvents(): string[] {
    return this.takeTold().flatMap((told) =>
      told.type === 'notified' ? [`${told.event.type} ${told.event.path}`] : [],
    );
  }

  get isClosed(): boolean {
    return this.peer.told.some(({ type }) => type === 'closed');
  }
}
