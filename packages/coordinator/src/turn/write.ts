import type { ErrorName } from '@barnabas/model';
import type { JoinTerms } from '../group/member.ts';
import type { RequestId, WriteId } from '../groups/group-shard.ts';
import type { GroupChange } from '../log/group-change.ts';
import type { GroupRequestOf } from './group-refusal.ts';

/** What is done when a write has ended, besides that its changes are applied. */
export type AfterWrite =
  | { readonly kind: 'nothing' }
  /** Answers an OffsetCommit. */
  | { readonly kind: 'offsets committed'; readonly request: RequestId; readonly asked: GroupRequestOf<'OffsetCommit'> }
  /** The leader's assignment is for all. */
  | { readonly kind: 'assignment stored'; readonly generation: number }
  | { readonly kind: 'empty group stored' }
  | {
      readonly kind: 'static member stored';
      readonly generation: number;
      readonly replaced: StaticReplacement;
    }
  /** One of several parts of a deletion, and not the last. */
  | { readonly kind: 'part deleted'; readonly deletion: Deletion }
  /** Answers a DeleteGroups, or nobody where the group was of no use any longer. */
  | { readonly kind: 'group deleted'; readonly deletion: Deletion; readonly request: RequestId | null }
  | {
      readonly kind: 'offsets deleted';
      /** They were all that was left of the group, which goes with them. */
      readonly withGroup: boolean;
      readonly deletion: Deletion;
      readonly request: RequestId;
      readonly asked: GroupRequestOf<'OffsetDelete'>;
      /** Topics whose offsets are left alone. */
      readonly subscribed: ReadonlySet<string>;
    };

/** What became of the parts of a deletion that have ended. */
export type Deletion = { failure: ErrorName | null };

/** Who a static member was before it came back, and how it is answered. */
export type StaticReplacement = {
  readonly oldId: string;
  readonly oldTerms: JoinTerms;
  readonly newId: string;
  /** Who led the group before. */
  readonly leaderBefore: string;
  readonly version: number;
};

/** At least one; of one group, but where a topic is deleted. */
export type GroupChanges = readonly [GroupChange, ...GroupChange[]];

/** Changes that were appended and are not yet known to be committed. */
export type Write = {
  readonly writeId: WriteId;
  readonly changes: GroupChanges;
  readonly after: AfterWrite;
};

export type WriteOutcome = { readonly kind: 'committed' } | { readonly kind: 'failed'; readonly error: ErrorName };

/**
 * The writes under way, in the order of the log.
 *
 * Invariant: they end in this order, in whichever order the host tells of them; so that of two changes of one thing that which is
 * later in the log is applied later.
 */
export class WritesUnderWay {
  readonly #writes = new Map<WriteId, Write>();
  readonly #outcomes = new Map<WriteId, WriteOutcome>();

  begin(write: Write): void {
    this.#writes.set(write.writeId, write);
  }

  /** Those that end with it: itself where it was the first, and all behind it whose outcome is known already. */
  end(writeId: WriteId, outcome: WriteOutcome): { readonly write: Write; readonly outcome: WriteOutcome }[] {
    if (!this.#writes.has(writeId)) return [];
    this.#outcomes.set(writeId, outcome);
    const ended = [];
    for (const write of this.#writes.values()) {
      const known = this.#outcomes.get(write.writeId);
      if (known === undefined) break;
      ended.push({ write, outcome: known });
      this.#writes.delete(write.writeId);
      this.#outcomes.delete(write.writeId);
    }
    return ended;
  }

  clear(): void {
    this.#writes.clear();
    this.#outcomes.clear();
  }
}
