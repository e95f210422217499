import type { ErrorName } from '@barnabas/model';

/** The leader has an error for a partition; this side is sound. */
export class LeaderRefusedError extends Error {
  readonly error: ErrorName;

  constructor(error: ErrorName) {
    super(`the leader answers ${error}`);
    this.name = new.target.name;
    this.error = error;
  }
}
