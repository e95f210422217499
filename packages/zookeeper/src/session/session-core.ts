import { ERROR_CODES } from '../operation/error-code.ts';
import type { WatchEvent } from '../operation/watch.ts';
import { Alarm } from './alarm.ts';
import { Announcer } from './announcer.ts';
import { abandon, type Call, isByLeader, messageOf, type ServerAnswer } from './call.ts';
import type { Chroot } from './chroot.ts';
import { boundedMs } from './deadline.ts';
import { Liveness } from './liveness.ts';
import { Refusals } from './refusals.ts';
import { RequestPipeline } from './request-pipeline.ts';
import { requestSizeBytes } from './request-size.ts';
import type { CallOptions, DirtyReason, SessionState, StateEvent, WaitOptions, Watcher } from './session.ts';
import type { Answer, LinkListener, SessionLink, SessionRequest } from './session-link.ts';
import type { SessionLimits, SessionSurroundings } from './session-options.ts';
import { StateWaiters } from './state-waiters.ts';
import { WatchRegistry } from './watch-registry.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

export type SessionIdentity = { readonly sessionId: bigint; readonly generation: number; readonly chroot: Chroot };
type Connected = Parameters<LinkListener['connected']>[0];
type StateListener = { readonly tell: (event: StateEvent) => void };

/**
 * One session from the moment the server gave it to LOST: its state, its requests, its watches. It owns its link, and one
 * timer. Paths are the server's.
 *
 * Whatever makes it act, a call, the link or the timer, it looks at the clock first: after a stall of the event loop it
 * gives up the server, or the session, before any work that has queued up meanwhile.
 *
 * Invariant: requests are in the pipeline only while CONNECTED. Once LOST there is no watch and no request left, and no
 * timer but that of the next turn, by which late callers are refused.
 */
export class SessionCore implements LinkListener {
  readonly identity: SessionIdentity;
  readonly watches = new WatchRegistry();
  readonly #link: SessionLink;
  readonly #limits: SessionLimits;
  readonly #surroundings: SessionSurroundings;
  readonly #announcer: Announcer;
  readonly #liveness: Liveness;
  readonly #pipeline: RequestPipeline;
  readonly #waiters: StateWaiters;
  readonly #refusals: Refusals;
  readonly #alarm: Alarm;
  #listeners: readonly StateListener[] = [];
  #state: SessionState = 'CONNECTED';
  #lossReason = '';
  /** Counts the connections, so that the answer to an older one's heartbeat is told from one that counts. */
  #connection = 1;
  #closed: Promise<void> | undefined;

  constructor(
    link: SessionLink,
    { timeoutMs, askedAtMs }: Connected,
    identity: SessionIdentity,
    limits: SessionLimits,
    surroundings: SessionSurroundings,
  ) {
    this.identity = identity;
    this.#link = link;
    this.#limits = limits;
    this.#surroundings = surroundings;
    this.#announcer = new Announcer(surroundings.onUncaught);
    this.#liveness = new Liveness(timeoutMs, askedAtMs);
    this.#pipeline = new RequestPipeline(limits, (call) => this.#transmit(call));
    this.#waiters = new StateWaiters(surroundings.scheduler);
    this.#refusals = new Refusals(surroundings.scheduler);
    this.#alarm = new Alarm(surroundings, () => this.#wake());
    this.#alarm.setFor(this.#nextDueMs());
  }

  get timeoutMs(): number {
    return this.#liveness.timeoutMs;
  }

  /** As of now, also where no timer has run since it changed. */
  get state(): SessionState {
    this.#now();
    return this.#state;
  }

  /** Sends a request, now or in its turn. `take` makes of the answer what the caller gets; what it throws, the caller gets too. */
  call<T>(
    request: SessionRequest,
    path: string | undefined,
    deadlineMs: number | undefined,
    take: (answer: ServerAnswer) => T,
  ): Promise<T> {
    const nowMs = this.#now();
    return new Promise((resolve, reject) => {
      const deadlineAtMs = nowMs + boundedMs(deadlineMs ?? this.#limits.callDeadlineMs ?? this.timeoutMs);
      const refusal = this.#refusalOf(request, path);
      if (refusal !== undefined) {
        this.#refusals.add(() => reject(refusal));
        return;
      }
      const call: Call = {
        request,
        path,
        deadlineAtMs,
        sentAtMs: undefined,
        isSettled: false,
        answered: (answer) => {
          try {
            resolve(take(answer));
          } catch (error) {
            reject(error);
          }
        },
        failed: reject,
      };
      if (!this.#pipeline.submit(call)) this.#refusals.add(() => this.#throttled(call));
      this.#alarm.setFor(this.#pipeline.sweepDueMs);
    });
  }

  /** `listener` hears of the changes from now on. */
  onState(listener: (event: StateEvent) => void): () => void {
    const entry: StateListener = { tell: listener };
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  whenConnected({ deadlineMs = this.timeoutMs, delayMs = 0 }: WaitOptions = {}): Promise<void> {
    const state = this.state;
    return new Promise((resolve, reject) => {
      const waitMs = boundedMs(deadlineMs);
      if (state === 'LOST') this.#refusals.add(() => reject(this.#lostError()));
      else if (delayMs > 0) resolve(this.#waiters.pause(delayMs).then(() => this.whenConnected({ deadlineMs })));
      else resolve(state === 'SUSPENDED' ? this.#waiters.wait(waitMs) : undefined);
    });
  }

  /** Never rejects. */
  close({ deadlineMs = this.timeoutMs / 3 }: CallOptions = {}): Promise<void> {
    this.#now();
    const wasConnected = this.#state === 'CONNECTED';
    const waitMs = Number.isNaN(deadlineMs) ? 0 : boundedMs(deadlineMs);
    if (this.#closed === undefined) this.#lose('it was closed', wasConnected, waitMs);
    return this.#closed ?? Promise.resolve();
  }

  connected({ sessionId, timeoutMs, askedAtMs }: Connected): void {
    this.#now();
    if (this.#state === 'LOST') return;
    if (sessionId !== this.identity.sessionId) {
      this.#lose('the server gave another session', false, 0);
      return;
    }
    this.#suspend('the connection was replaced by another one');
    this.#liveness.reattached(timeoutMs, askedAtMs);
    this.#refusals.tellAll();
    this.#enter('CONNECTED', 'connected to a server anew');
    this.#fireAll();
    this.#waiters.connected();
    this.#alarm.setFor(this.#nextDueMs());
  }

  notified(event: WatchEvent): void {
    this.#now();
    if (this.#state === 'CONNECTED') this.#fire(event.path, event.type, this.watches.take(event.type, event.path));
  }

  disconnected(reason: string): void {
    this.#now();
    this.#suspend(reason);
  }

  ended(code: 'SESSION_EXPIRED' | 'AUTH_FAILED', reason: string): void {
    this.#lose(`${code}, ${reason}`, false, 0);
  }

  /** Looks at the clock, and does what is overdue. */
  #now(): number {
    const nowMs = this.#surroundings.clock.steadyMs();
    if (this.#state === 'LOST') return nowMs;
    if (nowMs >= this.#liveness.lostDueMs) {
      this.#lose(`no server has answered for ${this.timeoutMs} ms, the session timeout`, false, 0);
    } else if (this.#state === 'CONNECTED' && nowMs >= this.#liveness.silentDueMs) {
      this.#abandonServer('nothing has come from the leader for two thirds of the session timeout');
    }
    return nowMs;
  }

  #refusalOf(request: SessionRequest, path: string | undefined): ZooKeeperError | undefined {
    if (this.#state === 'LOST') return this.#lostError(messageOf(request, path, ''));
    if (this.#state === 'SUSPENDED') {
      const message = messageOf(request, path, 'CONNECTION_LOSS, the session is suspended');
      return new ZooKeeperError('CONNECTION_LOSS', message, { path });
    }
    const sizeBytes = requestSizeBytes(request);
    if (sizeBytes <= this.#limits.maxRequestBytes) return undefined;
    const message = `its ${sizeBytes} bytes are more than a request may have, ${this.#limits.maxRequestBytes}`;
    return new ZooKeeperError('BAD_ARGUMENTS', messageOf(request, path, message), { path });
  }

  #throttled(call: Call): void {
    abandon(call, 'THROTTLED_OP', `${this.#limits.maxQueued} requests wait to be sent`);
  }

  #lostError(prefix = ''): ZooKeeperError {
    return new ZooKeeperError('SESSION_EXPIRED', `${prefix}the session is lost: ${this.#lossReason}`);
  }

  #transmit(call: Call): void {
    const nowMs = this.#surroundings.clock.steadyMs();
    call.sentAtMs = nowMs;
    this.#link.send(call.request, (answer) => this.#answered(call, answer, nowMs));
  }

  #answered(call: Call, answer: Answer, sentAtMs: number): void {
    this.#now();
    if (!this.#pipeline.has(call)) return;
    if (answer.type === 'unanswered') {
      this.#suspend(answer.reason ?? 'the connection is gone');
      return;
    }
    if (isByLeader(call.request, answer)) this.#liveness.confirmed(sentAtMs);
    this.#pipeline.release(call);
    if (!call.isSettled) {
      call.isSettled = true;
      call.answered(answer);
    }
    if (answer.type === 'error') this.#takeErrorOfSession(answer.code);
    this.#pipeline.refill();
  }

  /** Of a session that has moved, this server refuses every write: nothing can be done over this connection. */
  #takeErrorOfSession(code: number): void {
    if (code === ERROR_CODES.SESSION_EXPIRED) this.ended('SESSION_EXPIRED', 'as a server answered');
    if (code === ERROR_CODES.SESSION_MOVED) this.#abandonServer('the server answers that the session has moved');
  }

  /** A sync, for the leader has to answer it; it takes no place in the pipeline. */
  #sendHeartbeat(nowMs: number): void {
    const connection = this.#connection;
    const request = { op: 'sync', path: this.identity.chroot.path } as const;
    this.#liveness.heartbeatSent(nowMs);
    this.#link.send(request, (answer) => {
      this.#now();
      if (connection !== this.#connection || this.#state !== 'CONNECTED') return;
      if (answer.type === 'unanswered') this.#suspend(answer.reason ?? 'the connection is gone');
      else if (answer.type === 'reply') this.#liveness.confirmed(nowMs);
      else {
        this.#takeErrorOfSession(answer.code);
        this.#abandonServer(`the server answers the heartbeat by error ${answer.code}`);
      }
    });
  }

  /** The session may be alive; over this connection it cannot be kept so. */
  #abandonServer(reason: string): void {
    if (this.#state !== 'CONNECTED') return;
    this.#suspend(reason);
    this.#link.drop(reason);
  }

  #suspend(reason: string): void {
    if (this.#state !== 'CONNECTED') return;
    this.#connection++;
    this.#enter('SUSPENDED', reason);
    this.#pipeline.failAll((call) => abandon(call, 'CONNECTION_LOSS', reason));
  }

  #lose(reason: string, politely: boolean, deadlineMs: number): void {
    if (this.#state === 'LOST') return;
    this.#lossReason = reason;
    this.#enter('LOST', reason);
    this.#alarm.destroy();
    this.watches.clear();
    this.#pipeline.failAll((call) => abandon(call, 'SESSION_EXPIRED', reason));
    this.#waiters.lost(this.#lostError());
    this.#closed = this.#link.close(politely, deadlineMs).catch(this.#surroundings.onUncaught);
  }

  #enter(state: SessionState, reason: string): void {
    this.#state = state;
    const event: StateEvent = { state, reason, generation: this.identity.generation };
    for (const listener of this.#listeners) {
      this.#announcer.announce(() => {
        if (this.#listeners.includes(listener)) listener.tell(event);
      });
    }
  }

  #fire(serverPath: string, reason: DirtyReason, watchers: ReadonlySet<Watcher>): void {
    const path = this.identity.chroot.fromServer(serverPath);
    if (path === undefined) return;
    const event = { path, reason, generation: this.identity.generation };
    for (const watcher of watchers) {
      this.#announcer.announce(() => {
        if (this.#state !== 'LOST') watcher(event);
      });
    }
  }

  #fireAll(): void {
    for (const [path, watchers] of this.watches.takeAll()) this.#fire(path, 'reconnected', watchers);
  }

  #nextDueMs(): number {
    if (this.#state === 'SUSPENDED') return this.#liveness.lostDueMs;
    return Math.min(this.#liveness.heartbeatDueMs, this.#liveness.silentDueMs, this.#pipeline.sweepDueMs);
  }

  #wake(): void {
    const nowMs = this.#now();
    if (this.#state === 'LOST') return;
    this.#pipeline.sweep(nowMs);
    if (this.#state === 'CONNECTED' && nowMs >= this.#liveness.heartbeatDueMs) this.#sendHeartbeat(nowMs);
    this.#alarm.setFor(this.#nextDueMs());
  }
}
