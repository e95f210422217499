import type { Clock } from '@barnabas/model';
import { childPath } from '../../operation/path.ts';
import { ANY_VERSION } from '../../operation/request.ts';
import { isPassing } from '../../session/asking-again.ts';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';
import { type NotificationKind, notificationNumber } from '../notification-kind.ts';
import { readOptional } from './read-optional.ts';
import { untilAnswered } from './until-answered.ts';

export type FollowOptions<T> = {
  readonly kind: NotificationKind<T>;
  /**
   * Called for one notification after the other, in the order of their numbers. It is a hint that may come late, twice or
   * for what has changed again: read what is there now.
   */
  handle(notification: T): Promise<void> | void;
  /** Called for what could not be read or handled: once for each notification, which is passed over. */
  report(path: string, error: unknown): void;
  readonly clock: Clock;
};

type Child = { readonly name: string; readonly number: number };

/** Kafka's own; see ZkNodeChangeNotificationListener. */
const PURGE_AFTER_MS = 15 * 60 * 1000;
const NONE = -1;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Follows one kind of notifications for the length of one session. It begins with all that are there, and again with all
 * of them after each reconnection; whoever opens the next session reads everything that is notified of anew, because what
 * was written more than 15 minutes ago may be gone. Each pass also deletes those older than that.
 *
 * One pass runs at a time; a watch that fires meanwhile asks for another one after it. One that fails may have armed no watch,
 * so that it is made again after a pause, until it succeeds. It ends with `close`, or by itself when the session is LOST.
 */
export class NotificationFollower<T> {
  readonly #session: ZooKeeperSession;
  readonly #options: FollowOptions<T>;
  readonly #reported = new Set<string>();
  #createdMs = new Map<string, number>();
  #lastNumber = NONE;
  #isWanted = false;
  #fromStart = true;
  #running: Promise<void> | undefined;
  /** Passes that failed in a row. */
  #failures = 0;
  #isClosed = false;
  #unsubscribe = (): void => {};

  constructor(session: ZooKeeperSession, options: FollowOptions<T>) {
    this.#session = session;
    this.#options = options;
  }

  /**
   * Resolves once all that was there has been handled, or the first pass has failed, which is reported; never rejects. To be
   * called once.
   */
  start(): Promise<void> {
    this.#unsubscribe = this.#session.onState(({ state }) => {
      if (state === 'CONNECTED') this.#startOver();
      if (state === 'LOST') this.close();
    });
    return this.#wake();
  }

  /** Nothing is handled any more once what is being handled is done. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
  }

  #startOver(): void {
    this.#fromStart = true;
    void this.#wake();
  }

  /** A field, so that it is one function: a watch that is armed twice fires once. */
  readonly #dirty = (): void => {
    void this.#wake();
  };

  #wake(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      try {
        await untilAnswered(this.#session, () => this.#pass());
        this.#failures = 0;
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  /** Reports it, once for all failures in a row; and has a pass made later that may succeed. */
  #failed(error: unknown): void {
    if (isZooKeeperError(error, 'SESSION_EXPIRED')) {
      this.close();
      return;
    }
    this.#failures++;
    if (this.#failures === 1) this.#options.report(this.#options.kind.parent, error);
    void this.#wakeLater(Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** (this.#failures - 1)));
  }

  async #wakeLater(delayMs: number): Promise<void> {
    try {
      await this.#session.whenConnected({ delayMs });
    } catch {
      // Not connected for long: `onState` wakes it when it is. Or LOST, of which it tells too.
      return;
    }
    await this.#wake();
  }

  async #pass(): Promise<void> {
    if (this.#fromStart) this.#lastNumber = NONE;
    this.#fromStart = false;
    const children = await this.#children();
    const fresh = children.filter(({ number }) => number > this.#lastNumber);
    const read = await Promise.all(fresh.map(({ name }) => readOptional(this.#session, this.#pathOf(name))));
    for (const [index, child] of fresh.entries()) {
      const content = read[index];
      if (content !== undefined) {
        this.#createdMs.set(child.name, content.stat.ctimeMs);
        await this.#handle(child.name, content.data);
      }
      if (this.#isClosed) return;
      this.#lastNumber = child.number;
    }
    await this.#purge(children);
  }

  /** In the order of their numbers. */
  async #children(): Promise<Child[]> {
    const { kind } = this.#options;
    const { children } = await this.#session.children(kind.parent, { watch: this.#dirty });
    this.#forgetAllBut(new Set(children));
    return children
      .flatMap((name) => {
        const number = notificationNumber(kind, name);
        if (number === undefined) this.#reportOnce(name, new Error('it is not called as a notification'));
        return number === undefined ? [] : [{ name, number }];
      })
      .sort((a, b) => a.number - b.number);
  }

  async #handle(name: string, data: Uint8Array | null): Promise<void> {
    const { kind, handle } = this.#options;
    try {
      await handle(kind.decode(this.#pathOf(name), data));
    } catch (error) {
      // These say nothing about the notification: it is handled once there is a connection.
      if (isPassing(error) || isZooKeeperError(error, 'SESSION_EXPIRED')) throw error;
      this.#reportOnce(name, error);
    }
  }

  async #purge(children: readonly Child[]): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const old = children.filter(({ name }) => nowMs - (this.#createdMs.get(name) ?? nowMs) > PURGE_AFTER_MS);
    await Promise.all(old.map(({ name }) => this.#delete(name)));
  }

  async #delete(name: string): Promise<void> {
    try {
      await this.#session.delete(this.#pathOf(name), ANY_VERSION);
    } catch (error) {
      // Every broker purges.
      if (!isZooKeeperError(error, 'NO_NODE')) throw error;
    }
  }

  #reportOnce(name: string, error: unknown): void {
    if (this.#reported.has(name)) return;
    this.#reported.add(name);
    this.#options.report(this.#pathOf(name), error);
  }

  #forgetAllBut(names: ReadonlySet<string>): void {
    for (const name of this.#reported) if (!names.has(name)) this.#reported.delete(name);
    this.#createdMs = new Map([...this.#createdMs].filter(([name]) => names.has(name)));
  }

  #pathOf(name: string): string {
    return childPath(this.#options.kind.parent, name);
  }
}
