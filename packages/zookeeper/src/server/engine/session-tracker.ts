import type { Clock } from '@barnabas/model';
import { ExpiryQueue } from './expiry-queue.ts';
import { nextSessionId } from './session-id.ts';

/** A session that is alive, and what it is connected through now, if anything. */
export type Session<C> = { readonly id: bigint; connection: C | undefined };

/**
 * Which sessions are alive, and until when: until the timeout has passed since something was heard of them, on the steady
 * clock, rounded up to the next tick. Those that a restarted server finds in its data have their whole timeout again.
 */
export class SessionTracker<C> {
  readonly #clock: Clock;
  readonly #sessions = new Map<bigint, Session<C>>();
  readonly #queue: ExpiryQueue<Session<C>>;
  #nextId: bigint;

  /** @param known timeouts in milliseconds, by session id */
  constructor(options: { clock: Clock; tickTimeMs: number; serverId: number }, known: ReadonlyMap<bigint, number>) {
    this.#clock = options.clock;
    this.#queue = new ExpiryQueue(options.tickTimeMs, this.#nowMs());
    this.#nextId = nextSessionId(options.serverId, options.clock.nowMs(), known.keys());
    for (const [id, timeoutMs] of known) this.#track(id, timeoutMs);
  }

  /** When the next ones may expire, by the steady clock. */
  get nextExpiryMs(): number {
    return this.#queue.nextExpiryMs;
  }

  find(id: bigint): Session<C> | undefined {
    return this.#sessions.get(id);
  }

  /** A new session. */
  create(timeoutMs: number): Session<C> {
    const id = this.#nextId;
    this.#nextId = BigInt.asIntN(64, id + 1n);
    return this.#track(id, timeoutMs);
  }

  /** Something was heard of it. */
  touch(session: Session<C>, timeoutMs: number): void {
    this.#queue.update(session, this.#nowMs(), timeoutMs);
  }

  remove(session: Session<C>): void {
    this.#sessions.delete(session.id);
    this.#queue.remove(session);
  }

  /** Takes out those that have expired. */
  takeExpired(): Session<C>[] {
    const expired = this.#queue.takeExpired(this.#nowMs());
    for (const { id } of expired) this.#sessions.delete(id);
    return expired;
  }

  #track(id: bigint, timeoutMs: number): Session<C> {
    const session: Session<C> = { id, connection: undefined };
    this.#sessions.set(id, session);
    this.touch(session, timeoutMs);
    return session;
  }

  #nowMs(): number {
    return Math.floor(this.#clock.steadyMs());
  }
}
