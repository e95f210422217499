import type { ErrorName } from '@barnabas/model';
import fc from 'fast-check';

/** What may happen to a shard. `client` and `write` number what there is, round and round. */
export type Action =
  | { readonly kind: 'join'; readonly client: number; readonly says: number }
  /** All join that do not wait already, and ask for their assignment as soon as there is a generation. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'sync'; readonly client: number }
  | { readonly kind: 'all sync' }
  | { readonly kind: 'heartbeat'; readonly client: number }
  | { readonly kind: 'leave'; readonly client: number }
  /** Its process begins anew: it knows nothing of what was before. */
  | { readonly kind: 'restart'; readonly client: number }
  | { readonly kind: 'give up'; readonly client: number }
  | { readonly kind: 'commit'; readonly client: number; readonly partition: number }
  | { readonly kind: 'commit from outside'; readonly group: number; readonly partition: number }
  | { readonly kind: 'delete group'; readonly group: number }
  | { readonly kind: 'delete offset'; readonly group: number; readonly partition: number }
  | { readonly kind: 'delete topic' }
  | { readonly kind: 'time passes'; readonly forMs: number }
  | { readonly kind: 'write ends'; readonly write: number; readonly as: WriteEnd }
  | { readonly kind: 'all writes commit' }
  /** Of the writes under way so many are in the log for good. */
  | { readonly kind: 'coordinator moves'; readonly landed: number };

/** `lands`: it failed as far as anybody knows, and is in the log all the same. */
export type WriteEnd = { readonly outcome: 'committed' } | { readonly outcome: ErrorName; readonly lands: boolean };

const small = fc.nat(7);

const writeEnd: fc.Arbitrary<WriteEnd> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ outcome: 'committed' } as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<WriteEnd>(
      { outcome: 'NOT_LEADER_OR_FOLLOWER', lands: false },
      { outcome: 'NOT_ENOUGH_REPLICAS', lands: false },
      { outcome: 'MESSAGE_TOO_LARGE', lands: false },
      { outcome: 'REQUEST_TIMED_OUT', lands: true },
      { outcome: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', lands: true },
    ),
  },
);

const passes = fc.constantFrom(1, 1000, 3000, 5999, 10_000, 60_000, 299_999);

export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('join' as const), client: small, says: fc.nat(2) }) },
  { weight: 12, arbitrary: fc.constant({ kind: 'settle' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sync' as const), client: small }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'all sync' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('heartbeat' as const), client: small }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), client: small }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart' as const), client: small }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('give up' as const), client: small }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), client: small, partition: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('commit from outside' as const), group: fc.nat(1), partition: fc.nat(1) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete group' as const), group: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('delete offset' as const), group: fc.nat(1), partition: fc.nat(1) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'delete topic' as const }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('time passes' as const), forMs: passes }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write ends' as const), write: fc.nat(2), as: writeEnd }) },
  { weight: 8, arbitrary: fc.constant({ kind: 'all writes commit' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('coordinator moves' as const), landed: fc.nat(2) }) },
);
