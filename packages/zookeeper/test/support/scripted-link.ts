import type { WatchEvent } from '../../src/operation/watch.ts';
import type { Answer, LinkFactory, LinkListener, SessionLink, SessionRequest } from '../../src/session/session-link.ts';

export type Sent = { readonly request: SessionRequest; readonly done: (answer: Answer) => void };

/** A link that does nothing by itself: a test plays the server, the network and the clock. */
export class ScriptedLink implements SessionLink {
  readonly sessionId: bigint;
  /** What was sent and not answered yet, in order, heartbeats too. */
  readonly sent: Sent[] = [];
  readonly drops: string[] = [];
  closedPolitely: boolean | undefined;
  closeDeadlineMs: number | undefined;
  /** What `close` waits for. */
  closing: Promise<void> = Promise.resolve();
  #listener: LinkListener | undefined;
  #isConnected = false;

  constructor(sessionId = 7n) {
    this.sessionId = sessionId;
  }

  get ops(): string[] {
    return this.sent.map(({ request }) => ('path' in request ? `${request.op} ${request.path}` : request.op));
  }

  get isOpen(): boolean {
    return this.#listener !== undefined;
  }

  open(listener: LinkListener): void {
    this.#listener = listener;
  }

  send(request: SessionRequest, done: (answer: Answer) => void): void {
    if (this.#isConnected) this.sent.push({ request, done });
    else done({ type: 'unanswered' });
  }

  drop(reason: string): void {
    this.drops.push(reason);
    this.cut(reason);
  }

  async close(politely: boolean, deadlineMs: number): Promise<void> {
    this.closedPolitely = politely;
    this.closeDeadlineMs = deadlineMs;
    this.#isConnected = false;
    await this.closing;
  }

  connect(askedAtMs: number, timeoutMs = 9000): void {
    this.#isConnected = true;
    this.#listener?.connected({ sessionId: this.sessionId, timeoutMs, askedAtMs });
  }

  /** Answers the first that waits for an answer. */
  answer(answer: Answer = { type: 'reply', reply: { op: 'sync', path: '/' } }): SessionRequest {
    const next = this.sent.shift();
    if (next === undefined) throw new Error('nothing was sent');
    next.done(answer);
    return next.request;
  }

  notify(type: WatchEvent['type'], path: string): void {
    this.#listener?.notified({ type, path });
  }

  /** The connection goes. */
  cut(reason: string): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    for (const { done } of this.sent.splice(0)) done({ type: 'unanswered' });
    this.#listener?.disconnected(reason);
  }

  end(code: 'SESSION_EXPIRED' | 'AUTH_FAILED', reason: string): void {
    this.#isConnected = false;
    this.#listener?.ended(code, reason);
  }
}

/** Makes the links that it is given, in order. */
export function linksOf(...links: ScriptedLink[]): LinkFactory {
  const rest = [...links];
  return () => {
    const link = rest.shift();
    if (link === undefined) throw new Error('no link is left');
    return link;
  };
}
