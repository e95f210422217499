import type { Timer } from '@barnabas/model';
import { JuteReader } from '../jute/jute-reader.ts';
import { decodeReplyHeader } from '../jute/reply-codec.ts';
import { XID } from '../operation/reply.ts';
import { BackOff } from '../session/back-off.ts';
import { boundedMs } from '../session/deadline.ts';
import { nameOfServer, type Server } from '../session/server.ts';
import type { Answer, LinkListener, SessionLink, SessionRequest } from '../session/session-link.ts';
import { type AuthOutcome, authenticate } from './authenticate.ts';
import { dial } from './dial.ts';
import { FrameConnection } from './frame-connection.ts';
import { LinkLog } from './link-log.ts';
import { MAX_FRAME_BYTES, type PackageLinkOptions } from './link-options.ts';
import { readNotification } from './notification.ts';
import { PackageSession } from './package-session.ts';
import { ServerRotation } from './server-rotation.ts';

type LinkState =
  /** Nothing to talk to: not opened yet, or before the next attempt. */
  | { readonly type: 'apart'; readonly attempt?: Timer }
  | { readonly type: 'dialling'; readonly connection: FrameConnection; readonly deadline: Timer }
  /** The server has been asked for the session. */
  | {
      readonly type: 'asking';
      readonly connection: FrameConnection;
      readonly deadline: Timer;
      readonly askedAtMs: number;
    }
  | { readonly type: 'connected'; readonly connection: FrameConnection; readonly sinceMs: number }
  /** The server has been asked to end the session. */
  | {
      readonly type: 'closing';
      readonly connection: FrameConnection;
      readonly deadline: Timer;
      readonly closed: () => void;
    }
  | { readonly type: 'over' };

type Done = (answer: Answer) => void;

const APART: Answer = { type: 'unanswered', reason: 'there is no connection' };

/**
 * The link over node-zookeeper-client. It owns servers, connections and timers; the package, behind `PackageSession`,
 * has what belongs to the session. Made for each session by `packageLinkFactory`; ends with `close`, or when the server
 * says that the session is over. All of it runs on the event loop, and whoever is called back may call any method at once.
 *
 * Invariant: the package gets a request only while there is a session on a connection, and every `done` is called in the
 * order of the sends.
 */
export class PackageLink implements SessionLink {
  readonly #options: PackageLinkOptions;
  readonly #servers: ServerRotation;
  readonly #backOff: BackOff;
  readonly #session: PackageSession;
  readonly #log: LinkLog;
  #listener: LinkListener | undefined;
  #state: LinkState = { type: 'apart' };
  /** While all that was sent is answered as unanswered: what is sent meanwhile waits for its turn. */
  #late: Done[] | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: PackageLinkOptions, timeoutMs: number) {
    this.#options = options;
    this.#servers = new ServerRotation(options.servers, options.random);
    this.#backOff = new BackOff(options.random);
    this.#session = new PackageSession(timeoutMs, () => this.#scheduleAttempt());
    this.#log = new LinkLog(options.logger);
  }

  open(listener: LinkListener): void {
    this.#listener = listener;
    this.#session.open();
  }

  send(request: SessionRequest, done: Done): void {
    if (this.#state.type === 'connected') this.#session.send(request, (answer) => this.#tell(() => done(answer)));
    else if (this.#late !== undefined) this.#late.push(done);
    else done(APART);
  }

  drop(reason: string): void {
    this.#lose(reason);
  }

  close(politely: boolean, deadlineMs: number): Promise<void> {
    this.#listener = undefined;
    this.#closed ??= this.#close(politely, deadlineMs);
    return this.#closed;
  }

  #close(politely: boolean, deadlineMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (politely && this.#state.type === 'connected') {
      const deadline = this.#options.scheduler.after(boundedMs(deadlineMs), () => this.#finish());
      this.#state = { type: 'closing', connection: this.#state.connection, deadline, closed: resolve };
      this.#session.close(() => this.#finish());
    } else {
      this.#finish();
      resolve();
    }
    return promise;
  }

  /** The package wants a connection. */
  #scheduleAttempt(): void {
    if (this.#state.type === 'over') return;
    const attempt = this.#options.scheduler.after(this.#backOff.nextDelayMs(), () => this.#attempt());
    this.#state = { type: 'apart', attempt };
  }

  /** By the timeout that was agreed on, which may be far shorter than the one that was asked for. */
  get #handshakeTimeoutMs(): number {
    return boundedMs(this.#options.handshakeTimeoutMs ?? this.#session.timeoutMs / 2 / this.#servers.count);
  }

  #attempt(): void {
    const server = this.#servers.next();
    try {
      this.#dial(server);
    } catch (error) {
      this.#abandonConnection(`${nameOfServer(server)}: ${String(error)}`);
    }
  }

  #dial(server: Server): void {
    const { tls, maxFrameBytes = MAX_FRAME_BYTES, scheduler } = this.#options;
    const deadlineMs = this.#handshakeTimeoutMs;
    const name = nameOfServer(server);
    const connection = new FrameConnection(dial(server, tls, deadlineMs), maxFrameBytes, {
      opened: () => this.#ask(),
      received: (frame) => this.#receive(frame),
      lost: (reason) => this.#lose(`${name}: ${reason}`),
      broken: (error) => {
        this.#log.malformed(name, error);
        this.#lose(`${name}: ${String(error)}`);
      },
    });
    const deadline = scheduler.after(deadlineMs, () => this.#lose(`${name}: no session within ${deadlineMs} ms`));
    this.#state = { type: 'dialling', connection, deadline };
  }

  #ask(): void {
    if (this.#state.type !== 'dialling') return;
    const askedAtMs = this.#options.clock.steadyMs();
    this.#state = { ...this.#state, type: 'asking', askedAtMs };
    this.#session.begin(this.#state.connection);
  }

  #receive(frame: Buffer): void {
    if (this.#session.isConnecting) {
      this.#takeSession(frame);
      return;
    }
    const reader = new JuteReader(frame);
    const header = decodeReplyHeader(reader);
    if (header.xid === XID.notification) this.#takeNotification(reader);
    else this.#session.takeReply(header, reader);
  }

  #takeSession(frame: Buffer): void {
    if (this.#session.takeConnectResponse(frame)) {
      authenticate(this.#session, this.#options.auth ?? [], (outcome) => this.#authenticated(outcome));
    } else {
      this.#end('SESSION_EXPIRED', 'the server knows the session no more');
    }
  }

  #authenticated(outcome: AuthOutcome): void {
    if (outcome.type === 'refused') this.#end('AUTH_FAILED', outcome.reason);
    if (outcome.type === 'failed') this.#lose(outcome.reason);
    if (this.#state.type !== 'asking') return;
    const { connection, deadline, askedAtMs } = this.#state;
    deadline.cancel();
    this.#state = { type: 'connected', connection, sinceMs: this.#options.clock.steadyMs() };
    this.#log.reached();
    const { sessionId, timeoutMs } = this.#session;
    this.#tell(() => this.#listener?.connected({ sessionId, timeoutMs, askedAtMs }));
  }

  /** Nothing is watched before the session is connected, and nobody watches once it is closing. */
  #takeNotification(reader: JuteReader): void {
    const { events, unknownType } = readNotification(reader);
    for (const event of events) {
      if (unknownType !== undefined) this.#log.unknownEventType(unknownType, event.path);
      if (this.#state.type === 'connected') this.#tell(() => this.#listener?.notified(event));
    }
  }

  /** The connection is gone, or has to go. Nothing happens where there is none. */
  #lose(reason: string): void {
    const state = this.#state;
    if (state.type === 'apart' || state.type === 'over') return;
    if (state.type === 'closing') {
      this.#finish();
      return;
    }
    this.#abandonConnection(reason);
  }

  /** Also where an attempt has not come to a connection. */
  #abandonConnection(reason: string): void {
    const state = this.#state;
    release(state);
    this.#state = { type: 'apart' };
    if (state.type === 'connected') {
      const lastedMs = this.#options.clock.steadyMs() - state.sinceMs;
      if (lastedMs >= this.#session.timeoutMs) this.#backOff.reset();
    } else {
      this.#log.unreachable(reason);
    }
    this.#answerAll(reason, () => this.#listener?.disconnected(reason));
  }

  #end(code: 'SESSION_EXPIRED' | 'AUTH_FAILED', reason: string): void {
    this.#finish();
    this.#tell(() => this.#listener?.ended(code, reason));
  }

  /** Nothing more is sent, connected to or told but what was sent and is not answered. */
  #finish(): void {
    const state = this.#state;
    if (state.type === 'over') return;
    this.#state = { type: 'over' };
    release(state);
    this.#session.end();
    this.#answerAll('the session was closed', () => {});
    if (state.type === 'closing') state.closed();
  }

  /**
   * Answers all that was sent, has `tellLoss` tell of it, and then answers what was sent meanwhile: who sends again at each
   * answer knows by then that there is no connection. The package asks for the next one, unless the session has ended.
   */
  #answerAll(reason: string, tellLoss: () => void): void {
    if (this.#late !== undefined) return;
    const late: Done[] = [];
    this.#late = late;
    this.#session.lost(reason);
    this.#tell(tellLoss);
    for (const done of late) this.#tell(() => done(APART));
    this.#late = undefined;
  }

  /** An answer or event whose teller fails may be half acted upon: on a new connection all is read anew. */
  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.listenerThrew(error);
      this.#lose(`an answer or event could not be told: ${String(error)}`);
    }
  }
}

function release(state: LinkState): void {
  if (state.type === 'apart') state.attempt?.cancel();
  if (state.type === 'dialling' || state.type === 'asking' || state.type === 'closing') state.deadline.cancel();
  if ('connection' in state) state.connection.cut();
}
