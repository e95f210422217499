/**
 * What a session may take for granted about its server, by its own steady clock and nothing else.
 *
 * The server hears a request no earlier than it was sent, and an answer proves that it did hear it. So the session is alive
 * at least until the session timeout after the sending of the newest request that was answered; when the answer came
 * in says nothing. A server that has been silent for two thirds of the timeout is given up, which leaves one third to find
 * another one. Pings go out a third after the last sending: what comes in does not tell the server that we are alive.
 */
export class Liveness {
  #timeoutMs: number;
  #confirmedAtMs: number;
  #sentAtMs: number;

  /** @param askedAtMs when the request for the session was sent */
  constructor(timeoutMs: number, askedAtMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#confirmedAtMs = askedAtMs;
    this.#sentAtMs = askedAtMs;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** When to send a ping, unless something else is sent before. */
  get pingDueMs(): number {
    return this.#sentAtMs + Math.floor(this.#timeoutMs / 3);
  }

  /** When to give the server up. */
  get silentDueMs(): number {
    return this.#confirmedAtMs + Math.floor((this.#timeoutMs * 2) / 3);
  }

  /** When to give the session up. */
  get lostDueMs(): number {
    return this.#confirmedAtMs + this.#timeoutMs;
  }

  /** Something is being sent. */
  sent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  /** What was sent then has been answered. */
  confirmed(sentAtMs: number): void {
    if (sentAtMs > this.#confirmedAtMs) this.#confirmedAtMs = sentAtMs;
  }

  /** A server has taken the session once more; it may have agreed on another timeout. */
  reattached(timeoutMs: number, askedAtMs: number): void {
    this.#timeoutMs = timeoutMs;
    this.sent(askedAtMs);
    this.confirmed(askedAtMs);
  }
}
