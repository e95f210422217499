import { Chroot } from './chroot.ts';
import { ChrootedSession } from './chrooted-session.ts';
import { checkTimeout } from './deadline.ts';
import { makeChroot } from './make-chroot.ts';
import type { ZooKeeperSession } from './session.ts';
import { SessionCore } from './session-core.ts';
import type { LinkFactory, LinkListener, SessionLink } from './session-link.ts';
import { DEFAULT_SESSION_LIMITS, type SessionLimits, type SessionSurroundings } from './session-options.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

export type ConnectOptions = SessionSurroundings & {
  readonly links: LinkFactory;
  /** The ensemble, in words for an error message: `zk1:2181,zk2:2181`. */
  readonly ensemble: string;
  /** An absolute path; it is created where it is missing. `/` for none. */
  readonly chroot: string;
  /** The session timeout to ask for; the server may agree on another one. An integer from 1 to 2^31 - 1, as the next. */
  readonly timeoutMs: number;
  /** From the first attempt until the session can be used, its chroot made. */
  readonly connectDeadlineMs: number;
  readonly limits?: Partial<SessionLimits>;
};

/**
 * Opens a session.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS for a chroot that is no path or a timeout that is none, before anything is made; OPERATION_TIMEOUT, naming the
 *   ensemble; CONNECTION_LOSS when `signal` calls it off; AUTH_FAILED, SESSION_EXPIRED; what the server has against the
 *   making of the chroot
 */
export async function connectSession(
  options: ConnectOptions,
  generation: number,
  signal?: AbortSignal,
): Promise<ZooKeeperSession> {
  checkTimeout('timeoutMs', options.timeoutMs);
  checkTimeout('connectDeadlineMs', options.connectDeadlineMs);
  const opening = new Opening(options, new Chroot(options.chroot), generation);
  return await opening.run(signal);
}

/** What goes on between the making of a link and the session that comes of it, or does not. */
class Opening {
  readonly #options: ConnectOptions;
  readonly #chroot: Chroot;
  readonly #generation: number;
  readonly #link: SessionLink;
  #core: SessionCore | undefined;
  /** What happened last, for the message. */
  #lastEvent = 'no server answered';

  constructor(options: ConnectOptions, chroot: Chroot, generation: number) {
    this.#options = options;
    this.#chroot = chroot;
    this.#generation = generation;
    this.#link = options.links({ timeoutMs: options.timeoutMs });
  }

  async run(signal: AbortSignal | undefined): Promise<ZooKeeperSession> {
    const { connectDeadlineMs, ensemble, scheduler } = this.#options;
    const { promise: calledOff, reject } = Promise.withResolvers<never>();
    const abort = () => reject(new ZooKeeperError('CONNECTION_LOSS', `no session with ${ensemble}: it was called off`));
    const { promise: overdue, resolve: setOverdue } = Promise.withResolvers<void>();
    const timer = scheduler.after(connectDeadlineMs, () => {
      const message = `no session with ${ensemble} within ${connectDeadlineMs} ms: ${this.#lastEvent}`;
      reject(new ZooKeeperError('OPERATION_TIMEOUT', message));
      setOverdue();
    });
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    try {
      return await Promise.race([this.#open(), calledOff]);
    } catch (error) {
      // It goes on behind the scenes where the deadline has passed.
      await Promise.race([this.#giveUp(), overdue]);
      throw error;
    } finally {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  async #open(): Promise<ZooKeeperSession> {
    const core = await this.#connect();
    await makeChroot(core);
    return new ChrootedSession(core);
  }

  #connect(): Promise<SessionCore> {
    const { promise, resolve, reject } = Promise.withResolvers<SessionCore>();
    const listener: LinkListener = {
      connected: (session) => {
        this.#lastEvent = `a server gave a session, but the chroot ${this.#chroot.path} could not be made`;
        if (this.#core === undefined) resolve(this.#begin(session));
        else this.#core.connected(session);
      },
      notified: (event) => this.#core?.notified(event),
      disconnected: (reason) => {
        this.#lastEvent = reason;
        this.#core?.disconnected(reason);
      },
      ended: (code, reason) => {
        reject(new ZooKeeperError(code, `no session with ${this.#options.ensemble}: ${reason}`));
        this.#core?.ended(code, reason);
      },
    };
    this.#link.open(listener);
    return promise;
  }

  #begin(session: Parameters<LinkListener['connected']>[0]): SessionCore {
    const identity = { sessionId: session.sessionId, generation: this.#generation, chroot: this.#chroot };
    const limits = { ...DEFAULT_SESSION_LIMITS, ...this.#options.limits };
    this.#core = new SessionCore(this.#link, session, identity, limits, this.#options);
    return this.#core;
  }

  /** Ends a session that came too late or is of no use, so that nothing of it stays on the server. */
  async #giveUp(): Promise<void> {
    if (this.#core !== undefined) await this.#core.close();
    else await this.#link.close(false, 0).catch(this.#options.onUncaught);
  }
}
