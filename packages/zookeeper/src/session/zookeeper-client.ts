import type { Random } from '@barnabas/model';
import { BackOff } from './back-off.ts';
import { type ConnectOptions, connectSession } from './connect-session.ts';
import type { CallOptions, ZooKeeperSession } from './session.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

export type ZooKeeperClientOptions = ConnectOptions & {
  readonly random: Random;
  /**
   * Is told of each session, the first one too: one after the other, never of the next before what it returned for the last
   * one has settled. Of those that are lost by then it hears nothing. What it throws goes to `onUncaught`.
   */
  readonly onSession: (session: ZooKeeperSession) => void | Promise<void>;
  /** Is told why an attempt to open a session after the first one failed; there will be another. What it throws goes to `onUncaught`. */
  readonly onFailedAttempt?: (error: unknown) => void;
};

/**
 * Keeps a session open: when one is LOST it opens the next, under the next generation, and tries for ever until it is closed.
 * `start` once, `close` once.
 */
export class ZooKeeperClient {
  readonly #options: ZooKeeperClientOptions;
  readonly #closing = new AbortController();
  #session: ZooKeeperSession | undefined;
  #generation = 0;
  /** The last that was told of a session, and all before it. */
  #told: Promise<void> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  constructor(options: ZooKeeperClientOptions) {
    this.#options = options;
  }

  /** The last session, which may be LOST; undefined before the first. */
  get session(): ZooKeeperSession | undefined {
    return this.#session;
  }

  /**
   * Opens the first session; one attempt, which takes no longer than the connect deadline.
   *
   * @throws ZooKeeperError see `connectSession`; the client is of no more use then
   */
  async start(): Promise<ZooKeeperSession> {
    const opening = this.#open();
    this.#running = opening.then(
      (first) => this.#keepOpen(first),
      () => {},
    );
    return await opening;
  }

  /** Ends the session, also one that is being opened; see `ZooKeeperSession.close`. Never rejects. */
  async close(options?: CallOptions): Promise<void> {
    this.#closing.abort();
    await this.#session?.close(options);
    await this.#running.catch(() => {});
  }

  async #keepOpen(first: ZooKeeperSession): Promise<void> {
    const backOff = new BackOff(this.#options.random);
    let session: ZooKeeperSession | undefined = first;
    while (!this.#closing.signal.aborted) {
      if (session !== undefined && (await this.#lifeMs(session)) >= session.timeoutMs) backOff.reset();
      await this.#pause(backOff.nextDelayMs());
      session = await this.#tryToOpen();
    }
  }

  async #open(): Promise<ZooKeeperSession> {
    const session = await connectSession(this.#options, this.#generation + 1, this.#closing.signal);
    if (this.#closing.signal.aborted) {
      await session.close();
      throw new ZooKeeperError('CONNECTION_LOSS', 'the client is closed');
    }
    this.#session = session;
    this.#generation = session.generation;
    this.#told = this.#told.then(() => this.#tell(session)).catch(this.#options.onUncaught);
    return session;
  }

  async #tryToOpen(): Promise<ZooKeeperSession | undefined> {
    if (this.#closing.signal.aborted) return undefined;
    try {
      return await this.#open();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#tellFailedAttempt(error);
      return undefined;
    }
  }

  #tellFailedAttempt(error: unknown): void {
    try {
      this.#options.onFailedAttempt?.(error);
    } catch (thrown) {
      this.#options.onUncaught(thrown);
    }
  }

  async #tell(session: ZooKeeperSession): Promise<void> {
    if (session.state !== 'LOST') await this.#options.onSession(session);
  }

  /** Resolves when the session is LOST: how long that took. */
  #lifeMs(session: ZooKeeperSession): Promise<number> {
    const { clock } = this.#options;
    const sinceMs = clock.steadyMs();
    return new Promise((resolve) => {
      const done = () => resolve(clock.steadyMs() - sinceMs);
      session.onState(({ state }) => {
        if (state === 'LOST') done();
      });
      if (session.state === 'LOST') done();
    });
  }

  /** Ends early when the client is closed. */
  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#options.scheduler.after(delayMs, end);
      signal.addEventListener('abort', end, { once: true });
      function end(): void {
        timer.cancel();
        signal.removeEventListener('abort', end);
        resolve();
      }
    });
  }
}
