import { type Acl, PERMISSION } from '../../operation/acl.ts';
import { ERROR_CODES } from '../../operation/error-code.ts';
import type { ConnectRequest } from '../../operation/handshake.ts';
import { type ErrorResult, type Reply, XID } from '../../operation/reply.ts';
import type { Request } from '../../operation/request.ts';
import type { WatchEventType } from '../../operation/watch.ts';
import { isPermitted } from './access.ts';
import { authenticate } from './authenticate.ts';
import type { EngineCore } from './engine-core.ts';
import { execute, type SessionRequest } from './execute.ts';
import { shakeHands } from './handshake.ts';
import { Identities } from './identity.ts';
import type { Connection, Peer } from './peer.ts';
import type { SessionConnection } from './session-connection.ts';
import type { Session } from './session-tracker.ts';

/** Where a connection stands: before its handshake, bound to a session, or closed. */
type State =
  | { readonly type: 'new' }
  | { readonly type: 'open'; readonly session: Session<SessionConnection>; readonly timeoutMs: number }
  | { readonly type: 'closed' };

/** In the header of what has nothing to do with the data, as ZooKeeper has it. */
const NO_ZXID = -1;
const AUTH_ZXID = 0;

/**
 * What the watches of one connection may take, roughly: some hundred thousand of them. ZooKeeper knows no bound; a client
 * may watch paths that there are no znodes for, as long as a frame.
 */
const WATCHES_BYTES_MAX = 64 * 1024 ** 2;

/** Of a scheme's name in the log: a client chooses it. */
const SCHEME_SHOWN = 32;

/**
 * One client's connection as the engine keeps it: its session, as whom it has authenticated itself, its watches. Executes
 * one request after the other, each of them wholly, and tells the peer of events and answers in that order.
 *
 * It ends when the client has closed its session, when the session expires or moves to another connection, when it does
 * what it must not, or when its owner says that it is lost. What it is asked for afterwards is passed over.
 */
export class EngineConnection implements Connection, SessionConnection {
  readonly #core: EngineCore;
  readonly #peer: Peer;
  #state: State = { type: 'new' };
  readonly #identities = new Identities();

  constructor(core: EngineCore, peer: Peer) {
    this.#core = core;
    this.#peer = peer;
    this.#identities.add({ scheme: 'ip', id: peer.address });
  }

  connect(request: ConnectRequest): void {
    const { lastZxid } = this.#core.database;
    if (this.#state.type !== 'new') this.close('it began anew');
    else if (request.lastZxidSeen <= lastZxid) this.#shakeHands(request);
    else this.close(`it has seen zxid ${request.lastZxidSeen}, and the last one is ${lastZxid}`);
  }

  request(xid: number, request: Request): void {
    const state = this.#state;
    if (state.type === 'new') this.close('its first frame was no handshake');
    if (state.type !== 'open') return;
    if (request.op === 'auth') {
      this.#authenticate(xid, request.scheme, request.auth);
    } else {
      this.#core.sessions.touch(state.session, state.timeoutMs);
      this.#execute(xid, request, state.session);
    }
  }

  unimplemented(xid: number): void {
    if (this.#state.type === 'open') {
      this.#core.sessions.touch(this.#state.session, this.#state.timeoutMs);
      this.#peer.replied({ xid, zxid: NO_ZXID, code: ERROR_CODES.UNIMPLEMENTED }, undefined);
    }
    this.close('it made a request of an unknown type');
  }

  lost(): void {
    if (this.#state.type === 'open') this.#state.session.connection = undefined;
    this.#state = { type: 'closed' };
    this.#core.watches.removeAll(this);
  }

  notify(type: WatchEventType, path: string, acl: readonly Acl[]): void {
    if (!isPermitted(acl, PERMISSION.read, this.#identities.all)) return;
    this.#peer.notified({ type, path }, NO_ZXID);
  }

  /** The session, if there is one, goes on. */
  close(reason: string): void {
    this.#close(reason, false);
  }

  #close(reason: string, isInOrder: boolean): void {
    if (this.#state.type === 'closed') return;
    this.lost();
    this.#peer.closed(reason, isInOrder);
  }

  #shakeHands(request: ConnectRequest): void {
    const { session, response } = shakeHands(request, this.#core);
    this.#peer.connected(response);
    if (session === undefined) {
      this.close('its session is over, or not its own');
    } else {
      session.connection = this;
      this.#state = { type: 'open', session, timeoutMs: response.timeoutMs };
    }
  }

  #execute(xid: number, request: SessionRequest, session: Session<SessionConnection>): void {
    const asker = { session, identities: this.#identities.all, connection: this };
    this.#answer(request.op === 'ping' ? XID.ping : xid, execute(xid, request, asker, this.#core));
    if (request.op === 'closeSession') this.#close('its session is closed', true);
    const watchesBytes = this.#core.watches.sizeBytesOf(this);
    if (watchesBytes > WATCHES_BYTES_MAX) this.close(`its watches take ${watchesBytes} bytes, which is too much`);
  }

  #answer(xid: number, reply: Reply | ErrorResult): void {
    const zxid = this.#core.database.lastZxid;
    if (reply.op === 'error') this.#peer.replied({ xid, zxid, code: reply.code }, undefined);
    else this.#peer.replied({ xid, zxid, code: 0 }, reply);
  }

  /** Not a sign of life of the session. */
  #authenticate(xid: number, scheme: string, auth: Uint8Array): void {
    const { superDigest } = this.#core.options;
    if (authenticate(this.#identities, scheme, auth, this.#peer.address, superDigest)) {
      this.#peer.replied({ xid, zxid: AUTH_ZXID, code: 0 }, { op: 'auth' });
    } else {
      this.#peer.replied({ xid, zxid: AUTH_ZXID, code: ERROR_CODES.AUTH_FAILED }, undefined);
      this.close(`it cannot authenticate itself by ${scheme.slice(0, SCHEME_SHOWN)}, or did so too often`);
    }
  }
}
