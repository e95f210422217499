import type { WatchEvent } from '../../../src/operation/watch.ts';
import type { LinkListener } from '../../../src/session/session-link.ts';

export type LinkEvent =
  | { readonly type: 'connected'; readonly sessionId: bigint; readonly timeoutMs: number; readonly askedAtMs: number }
  | { readonly type: 'notified'; readonly event: WatchEvent }
  | { readonly type: 'disconnected'; readonly reason: string }
  | { readonly type: 'ended'; readonly code: 'SESSION_EXPIRED' | 'AUTH_FAILED'; readonly reason: string };

/** Keeps what a link tells, and waits for more of it. */
export class RecordingListener implements LinkListener {
  readonly events: LinkEvent[] = [];
  #taken = 0;
  #wake = Promise.withResolvers<void>();

  connected(session: { readonly sessionId: bigint; readonly timeoutMs: number; readonly askedAtMs: number }): void {
    this.#add({ type: 'connected', ...session });
  }

  notified(event: WatchEvent): void {
    this.#add({ type: 'notified', event });
  }

  disconnected(reason: string): void {
    this.#add({ type: 'disconnected', reason });
  }

  ended(code: 'SESSION_EXPIRED' | 'AUTH_FAILED', reason: string): void {
    this.#add({ type: 'ended', code, reason });
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** The next event that was not taken, which must be of that type. */
  async next<Type extends LinkEvent['type']>(type: Type): Promise<Extract<LinkEvent, { readonly type: Type }>> {
    await this.#more();
    const event = this.events[this.#taken++];
    if (event?.type !== type) throw new Error(`The link told ${JSON.stringify(event, jsonOfBigint)}, not ${type}`);
    return event as Extract<LinkEvent, { readonly type: Type }>;
  }

  /** The next `connected`, after any number of attempts that came to nothing. */
  async nextConnected(): Promise<Extract<LinkEvent, { readonly type: 'connected' }>> {
    for (;;) {
      await this.#more();
      if (this.events[this.#taken]?.type !== 'disconnected') return this.next('connected');
      this.#taken++;
    }
  }

  async #more(): Promise<void> {
    while (this.#taken === this.events.length) await this.#wake.promise;
  }

  #add(event: LinkEvent): void {
    this.events.push(event);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

function jsonOfBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
