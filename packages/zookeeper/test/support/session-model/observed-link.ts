import type { Clock } from '@barnabas/model';
import type {
  Answer,
  LinkFactory,
  LinkListener,
  SessionLink,
  SessionRequest,
} from '../../../src/session/session-link.ts';

const READS: readonly SessionRequest['op'][] = ['exists', 'getData', 'getChildren2', 'getACL'];

/**
 * A link that notes when the leader of the ensemble surely had the session for the last time: by what was sent, once it has a
 * reply that a follower cannot give by itself.
 */
export class ObservedLink implements SessionLink {
  sessionId = 0n;
  timeoutMs = 0;
  /** By the steady clock. */
  heardAtMs = 0;
  readonly #link: SessionLink;
  readonly #clock: Clock;

  constructor(link: SessionLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  open(listener: LinkListener): void {
    this.#link.open({
      connected: (session) => {
        this.sessionId = session.sessionId;
        this.timeoutMs = session.timeoutMs;
        this.#heard(session.askedAtMs);
        listener.connected(session);
      },
      notified: (event) => listener.notified(event),
      disconnected: (reason) => listener.disconnected(reason),
      ended: (code, reason) => listener.ended(code, reason),
    });
  }

  send(request: SessionRequest, done: (answer: Answer) => void): void {
    const sentAtMs = this.#clock.steadyMs();
    this.#link.send(request, (answer) => {
      // A session that was stalled looks at the clock before it looks at the answer.
      done(answer);
      if (answer.type === 'reply' && !READS.includes(request.op)) this.#heard(sentAtMs);
    });
  }

  drop(reason: string): void {
    const silentMs = this.#clock.steadyMs() - this.heardAtMs;
    if (Math.ceil(silentMs) < Math.floor((this.timeoutMs * 2) / 3))
      throw new Error(`dropped after only ${silentMs} ms`);
    this.#link.drop(reason);
  }

  close(politely: boolean, deadlineMs: number): Promise<void> {
    return this.#link.close(politely, deadlineMs);
  }

  #heard(sentAtMs: number): void {
    this.heardAtMs = Math.max(this.heardAtMs, sentAtMs);
  }
}

/** `observed` is told of each link. */
export function observedLinks(links: LinkFactory, clock: Clock, observed: (link: ObservedLink) => void): LinkFactory {
  return (options) => {
    const link = new ObservedLink(links(options), clock);
    observed(link);
    return link;
  };
}
