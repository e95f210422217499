/**
 * What a session may take for granted about its ensemble, by its own steady clock and nothing else.
 *
 * It is the leader that ends sessions, and a follower that is cut off from it goes on answering pings and reads by itself,
 * for as long as its syncLimit. So only the reply to what the leader has to answer confirms a session: a write, a
 * transaction, a sync; not an error, which a follower may have found by itself (throttling, access). The reply proves that the
 * ensemble had the session when the request was sent, no matter when it came in. From there two thirds of the timeout are
 * given to the server, which leaves one third to find another one, and the whole of it to the session.
 *
 * The heartbeat is a sync, a third after the newest request that was confirmed, or after the last heartbeat: what
 * comes in does not tell the ensemble that we are alive, nor do reads that stop.
 */
export class Liveness {
  #timeoutMs: number;
  #confirmedAtMs: number;
  #heartbeatAtMs: number;

  /** @param askedAtMs when the request for the session was sent */
  constructor(timeoutMs: number, askedAtMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#confirmedAtMs = askedAtMs;
    this.#heartbeatAtMs = askedAtMs;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** When to send a heartbeat. */
  get heartbeatDueMs(): number {
    return Math.max(this.#confirmedAtMs, this.#heartbeatAtMs) + Math.floor(this.#timeoutMs / 3);
  }

  /** When to give the server up. */
  get silentDueMs(): number {
    return this.#confirmedAtMs + Math.floor((this.#timeoutMs * 2) / 3);
  }

  /** When to give the session up. */
  get lostDueMs(): number {
    return this.#confirmedAtMs + this.#timeoutMs;
  }

  /** A heartbeat is being sent. */
  heartbeatSent(nowMs: number): void {
    this.#heartbeatAtMs = nowMs;
  }

  /** What was sent then has been answered by way of the leader. */
  confirmed(sentAtMs: number): void {
    if (sentAtMs > this.#confirmedAtMs) this.#confirmedAtMs = sentAtMs;
  }

  /** A server has taken the session once more; it may have agreed on another timeout. */
  reattached(timeoutMs: number, askedAtMs: number): void {
    this.#timeoutMs = timeoutMs;
    this.#heartbeatAtMs = askedAtMs;
    this.confirmed(askedAtMs);
  }
}
