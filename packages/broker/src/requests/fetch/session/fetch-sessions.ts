import type { Clock, ErrorName, Random } from '@barnabas/model';
import type { FetchableReplicas } from '../../../replication/replicas.ts';
import { type AskedFetch, FINAL_EPOCH, INITIAL_EPOCH } from '../asked-fetch.ts';
import type { AnsweredPartition } from '../partition-answer.ts';
import type { TopicNames } from '../topic-names.ts';
import { FetchSession } from './fetch-session.ts';
import { PartitionNews } from './partition-news.ts';
import { roomFor } from './session-eviction.ts';

export type FetchSessionsOptions = {
  readonly replicas: Pick<FetchableReplicas, 'onNews'>;
  readonly nameOf: TopicNames;
  /** `max.incremental.fetch.session.cache.slots`. */
  readonly slots: number;
  /** How often the partitions of a session are looked at though there is no news: a small part of `replica.lag.time.max.ms`. */
  readonly refreshMs: number;
  readonly clock: Clock;
  readonly random: Random;
};

/** What a request is, by its session id and epoch. */
export type SessionOf =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  /** It lists all its partitions. `keeps`: it wants a session. */
  | { readonly kind: 'full'; readonly keeps: boolean }
  | { readonly kind: 'incremental'; readonly session: FetchSession };

export const NO_SESSION_ID = 0;
const MAX_SESSION_ID = 0x7fff_ffff;

/**
 * The fetch sessions of a broker, whichever door their readers come through (KIP-227, with Kafka's rules for the ids and for
 * who gives way to whom). Owns the sessions and hears the news of the replicas for them. Every method runs through without
 * a wait. Ends with `close`.
 */
export class FetchSessions {
  readonly #options: FetchSessionsOptions;
  readonly #news = new PartitionNews();
  readonly #sessions = new Map<number, FetchSession>();
  readonly #unsubscribe: () => void;

  constructor(options: FetchSessionsOptions) {
    this.#options = options;
    this.#unsubscribe = options.replicas.onNews((partition, news) => this.#news.tell(partition, news));
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Partitions of all sessions. */
  get partitionCount(): number {
    return [...this.#sessions.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Finds the session that a request belongs to, and takes in what it says. */
  open(asked: AskedFetch): SessionOf {
    const { sessionId, sessionEpoch } = asked;
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      this.#close(sessionId, asked);
      return { kind: 'full', keeps: sessionEpoch === INITIAL_EPOCH };
    }
    const session = this.#sessions.get(sessionId);
    if (!session?.isOf(asked)) return { kind: 'refused', error: 'FETCH_SESSION_ID_NOT_FOUND' };
    if (session.epoch !== sessionEpoch) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' };
    if (session.usesTopicIds !== asked.usesTopicIds) return { kind: 'refused', error: 'FETCH_SESSION_TOPIC_ID_ERROR' };
    session.update(asked, this.#options.clock.steadyMs());
    if (session.size > 0) return { kind: 'incremental', session };
    this.#close(sessionId, asked);
    return { kind: 'full', keeps: false };
  }

  /**
   * Makes a session of a full request that has been answered, if there is room.
   *
   * @returns its id; 0 without one
   */
  keep(asked: AskedFetch, answered: readonly AnsweredPartition[]): number {
    const { slots, refreshMs, nameOf, clock } = this.#options;
    const nowMs = clock.steadyMs();
    const newcomer = { isFollower: asked.replica !== undefined, size: answered.length };
    if (answered.length === 0 || !this.#makeRoom(newcomer, slots, nowMs)) return NO_SESSION_ID;
    const session = new FetchSession({
      id: this.#newId(),
      replicaId: asked.replica?.id,
      usesTopicIds: asked.usesTopicIds,
      createdMs: nowMs,
      refreshMs,
      news: this.#news,
      nameOf,
    });
    for (const { asked: partition, answer } of answered) session.ask(partition).onTold(answer);
    this.#sessions.set(session.id, session);
    return session.id;
  }

  close(): void {
    this.#unsubscribe();
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }

  #makeRoom(newcomer: Pick<FetchSession, 'isFollower' | 'size'>, slots: number, nowMs: number): boolean {
    if (this.#sessions.size < slots) return true;
    const evicted = roomFor(newcomer, this.#sessions.values(), nowMs);
    if (evicted === undefined) return false;
    this.#drop(evicted);
    return true;
  }

  #newId(): number {
    for (;;) {
      const id = 1 + this.#options.random.below(MAX_SESSION_ID);
      if (!this.#sessions.has(id)) return id;
    }
  }

  #close(id: number, asked: AskedFetch): void {
    const session = this.#sessions.get(id);
    if (session?.isOf(asked)) this.#drop(session);
  }

  #drop(session: FetchSession): void {
    this.#sessions.delete(session.id);
    session.close();
  }
}
