import type { Txn } from '../../txn/txn.ts';
import type { Applied } from './applied.ts';
import type { Database } from './database.ts';
import type { EngineOptions } from './engine-options.ts';
import type { SessionConnection } from './session-connection.ts';
import { type Session, SessionTracker } from './session-tracker.ts';
import { Watches } from './watches.ts';

/** What an engine and its connections share: the one way to change anything, and the lives of the sessions. */
export class EngineCore {
  readonly options: EngineOptions;
  readonly database: Database;
  readonly watches = new Watches();
  readonly sessions: SessionTracker<SessionConnection>;

  constructor(options: EngineOptions, database: Database) {
    this.options = options;
    this.database = database;
    this.sessions = new SessionTracker(options, database.sessionTimeoutsMs);
  }

  /** Logs what was decided, then applies it; those who watch hear of it before this returns. */
  commit(sessionId: bigint, cxid: number, txn: Txn): Applied {
    const { clock, journal } = this.options;
    const zxid = this.database.lastZxid + 1;
    const logged = { header: { sessionId, cxid, zxid, timeMs: clock.nowMs() }, txn };
    journal.append(logged);
    return this.database.apply(logged, (change, path, acls) => this.watches.trigger(change, path, acls));
  }

  beginSession(timeoutMs: number): Session<SessionConnection> {
    const session = this.sessions.create(timeoutMs);
    this.commit(session.id, 0, { type: 'createSession', timeoutMs });
    return session;
  }

  /** Its ephemeral znodes go with it; the connection is the caller's matter. */
  endSession(session: Session<SessionConnection>, cxid: number): void {
    this.sessions.remove(session);
    this.closeSession(session.id, cxid);
  }

  /** Removes what a session has in the data, be it known as alive or not. */
  closeSession(sessionId: bigint, cxid: number): void {
    this.commit(sessionId, cxid, { type: 'closeSession', paths: this.database.tree.special.ephemeralsOf(sessionId) });
  }
}
