import type { Watcher } from './watch-table.ts';

/** What the rest of the engine needs of the connection that a session has now. */
export interface SessionConnection extends Watcher {
  /** Closes it, and tells the client's peer why; the session goes on unless it was ended. */
  close(reason: string): void;
}
