import type { BrokerEpoch, BrokerId, Offset } from '@barnabas/model';

/** When a follower fetched, and under which registration of its broker. */
export type FollowerFetch = {
  readonly epoch: BrokerEpoch;
  readonly logStart: Offset | undefined;
  /** Up to where a fetch can reach at that time. */
  readonly leaderEnd: Offset;
  readonly atMs: number;
};

/**
 * What the leader of an epoch knows of one other replica, all of it from that replica's own fetches in this epoch. It begins
 * anew with each epoch: what was fetched before says nothing of what the replica has kept since (rule 2, trap 3).
 *
 * Source: Kafka's Replica.
 */
export class RemoteReplica {
  readonly id: BrokerId;
  /** Where its next fetch begins, and so what it has; undefined before its first fetch in this epoch. */
  #endOffset: Offset | undefined;
  #logStartOffset: Offset | undefined;
  /** Under which it is registered, as its own fetches say (rule 1). */
  #brokerEpoch: BrokerEpoch | undefined;
  #lastFetch: { readonly atMs: number; readonly leaderEnd: Offset } | undefined;
  #lastCaughtUpMs: number;
  /**
   * The controller has said that it is not eligible: until its first fetch after this time it is neither proposed for the ISR nor
   * waited for. One that is shutting down fetches no more, and would hold the high watermark for as long as it counts as caught up.
   */
  #ineligibleUntilMs = Number.NEGATIVE_INFINITY;

  /** @param lastCaughtUpMs now for a member of the ISR, which gets its time to come; -Infinity for others */
  constructor(id: BrokerId, lastCaughtUpMs: number) {
    this.id = id;
    this.#lastCaughtUpMs = lastCaughtUpMs;
  }

  get endOffset(): Offset | undefined {
    return this.#endOffset;
  }

  get logStartOffset(): Offset | undefined {
    return this.#logStartOffset;
  }

  get brokerEpoch(): BrokerEpoch | undefined {
    return this.#brokerEpoch;
  }

  /**
   * Takes in a fetch from `offset`. Caught up is who asks for the leader's end, or for what was the end when it fetched last:
   * then it was caught up at that time. So one that keeps pace counts,
   * though there is something new whenever it asks.
   *
   * @returns whether its end has changed
   */
  fetched(offset: Offset, fetch: FollowerFetch): boolean {
    if (offset >= fetch.leaderEnd) this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, fetch.atMs);
    else if (this.#lastFetch !== undefined && offset >= this.#lastFetch.leaderEnd) {
      this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, this.#lastFetch.atMs);
    }
    this.#lastFetch = { atMs: fetch.atMs, leaderEnd: fetch.leaderEnd };
    if (fetch.atMs >= this.#ineligibleUntilMs) this.#ineligibleUntilMs = Number.NEGATIVE_INFINITY;
    if (fetch.epoch >= 0) this.#brokerEpoch = fetch.epoch;
    this.#logStartOffset = fetch.logStart;
    const hasMoved = this.#endOffset !== offset;
    this.#endOffset = offset;
    return hasMoved;
  }

  isCaughtUp(leaderEnd: Offset, nowMs: number, lagMaxMs: number): boolean {
    return this.#endOffset === leaderEnd || nowMs - this.#lastCaughtUpMs <= lagMaxMs;
  }

  /** Whether the controller would take it, as far as its fetches and the controller's last answer tell. */
  get mayBeEligible(): boolean {
    return this.#brokerEpoch !== undefined && this.#ineligibleUntilMs === Number.NEGATIVE_INFINITY;
  }

  pauseUntil(atMs: number): void {
    this.#ineligibleUntilMs = atMs;
  }
}
