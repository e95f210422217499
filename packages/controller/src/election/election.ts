import type { BrokerId, LeaderEpoch, Offset } from '@barnabas/model';
import type { LeaderAndIsr } from '../leader-and-isr.ts';

/** What came of an election. */
export type Election =
  | Elected
  /** All that were in sync are there, and all of them are marked: each is to be asked where its log ends. */
  | { readonly kind: 'askLogEnds'; readonly of: readonly BrokerId[] }
  | { readonly kind: 'notElected'; readonly why: NotElected };

export type Elected = {
  readonly kind: 'elected';
  readonly next: LeaderAndIsr & { readonly leader: BrokerId };
  /** The leader was not known to have all that was acknowledged. */
  readonly isUnclean: boolean;
};

export type NotElected =
  /** No replica that was in sync is live, and no other may be elected. */
  | 'isrIsOffline'
  /** Those in sync that are live may lack acknowledged records; one that does not may yet return. */
  | 'isrIsUnclean'
  /** No replica at all is live. */
  | 'noReplicaIsLive'
  /** None of the replicas that the election is about is live, in sync and not marked. */
  | 'noneIsEligible';

/** Where a replica's log ends, as its broker answers. */
export type LogEnd = { readonly lastEpoch: LeaderEpoch; readonly endOffset: Offset };
