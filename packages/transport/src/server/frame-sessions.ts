import type { FrameSession } from './frame-session.ts';

/** The streams that a server has open. */
export class FrameSessions {
  readonly #sessions = new Set<FrameSession>();
  #areFinishing = false;

  /** Once true, no stream may be added. */
  get areFinishing(): boolean {
    return this.#areFinishing;
  }

  add(session: FrameSession): void {
    this.#sessions.add(session);
    void session.ended.then(() => this.#sessions.delete(session));
  }

  /** Finishes all of them; settles when they are gone. */
  async finish(): Promise<void> {
    this.#areFinishing = true;
    const sessions = [...this.#sessions];
    for (const session of sessions) session.finish();
    await Promise.all(sessions.map((session) => session.ended));
  }
}
