import type { StateEvent, ZooKeeperSession } from '@barnabas/zookeeper';

export type LoggedState = StateEvent & { readonly atMs: number };

/** What one session told of its states, beginning with CONNECTED. */
export class StateLog {
  readonly events: LoggedState[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(session: ZooKeeperSession) {
    session.onState((event) => {
      this.events.push({ ...event, atMs: performance.now() });
      for (const look of this.#waiting) look();
    });
  }

  get last(): LoggedState | undefined {
    return this.events.at(-1);
  }

  /** The first event of that state, as soon as there is one. */
  reached(state: StateEvent['state']): Promise<LoggedState> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.events.find((event) => event.state === state);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** What no session may do: two equal states after each other, anything after LOST. */
  get violations(): string[] {
    const states = ['CONNECTED', ...this.events.map(({ state }) => state)];
    return states.flatMap((state, index) => {
      const before = states[index - 1];
      return before === state || before === 'LOST' ? [`${before} -> ${state}`] : [];
    });
  }
}
