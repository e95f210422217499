import type { StateEvent, ZooKeeperSession } from '../../../src/session/session.ts';
import type { WatchKind } from '../../../src/session/watch-registry.ts';
import type { Outcome } from '../../../src/session/zookeeper-error.ts';

export type WriteRecord = {
  /** The data that it writes, which no other write has. */
  readonly token: string;
  outcome: 'pending' | 'done' | Outcome;
};

export type WatchRecord = {
  readonly kind: WatchKind;
  readonly path: string;
  /** How many transactions the server had logged when the read was called. */
  readonly calledAt: number;
  /** And when the answer came; undefined while it is not armed. */
  armedAt: number | undefined;
  /** zxid of the state that the read showed; undefined where it showed that there is none. */
  seenZxid: number | undefined;
  readonly fired: string[];
};

/** What one session was asked for, and what it said. */
export class SessionRecord {
  readonly session: ZooKeeperSession;
  readonly states: StateEvent[] = [];
  readonly writes: WriteRecord[] = [];
  readonly watches: WatchRecord[] = [];
  /** Sequence numbers of the calls that the server answered, in the order in which the callers heard. */
  readonly answered: number[] = [];
  readonly violations: string[] = [];
  /** Calls that were not settled yet. */
  pending = 0;
  #calls = 0;

  constructor(session: ZooKeeperSession) {
    this.session = session;
    session.onState((event) => this.states.push(event));
  }

  get isLost(): boolean {
    return this.states.at(-1)?.state === 'LOST';
  }

  /** What listeners know. */
  get toldState(): string {
    return this.states.at(-1)?.state ?? 'CONNECTED';
  }

  nextSequence(): number {
    return this.#calls++;
  }

  /** A read that shows `zxid`, undefined for no znode, must not come before the watch that tells of the change. */
  shows(kind: WatchKind, path: string, zxid: number | undefined): void {
    for (const watch of this.watches) {
      if (watch.kind !== kind || watch.path !== path || watch.armedAt === undefined || watch.fired.length > 0) continue;
      if (zxid !== watch.seenZxid) {
        this.violations.push(`a read of ${path} showed ${zxid} before its watch, armed at ${watch.seenZxid}, fired`);
      }
    }
  }
}
