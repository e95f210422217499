import type { RequestId } from '../groups/group-shard.ts';

/** One of the ways to assign that a member offers, with what it tells the others about itself. */
export type MemberProtocol = { readonly name: string; readonly metadata: Buffer };

/** What a member says about itself when it joins. */
export type JoinTerms = {
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** In the order in which it prefers them. */
  readonly protocols: readonly MemberProtocol[];
};

/** Invariant: at most one request of JoinGroup and one of SyncGroup is parked for a member. */
export type Member = {
  readonly id: string;
  /** Of a static member: its id, which outlives its member ids. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly terms: JoinTerms;
  /** As it is in the log; counts while the group is Stable. */
  readonly assignment: Buffer;
  /** The JoinGroup that waits for the rebalance; null: none. */
  readonly joinRequest: RequestId | null;
  /** The SyncGroup that waits for the assignment; null: none. */
  readonly syncRequest: RequestId | null;
  /** Has not yet come through a rebalance: its client cannot send heartbeats. */
  readonly isNew: boolean;
};

/** What it says under a protocol; empty bytes where it does not offer it. */
export const metadataOf = (member: Member, protocol: string): Buffer =>
  member.terms.protocols.find(({ name }) => name === protocol)?.metadata ?? NO_BYTES;

/** For a member that says nothing, or is assigned nothing. */
export const NO_BYTES = Buffer.alloc(0);

/** Whether it says the same about itself as before: the same protocols in the same order, with the same metadata. */
export const offersTheSame = (member: Member, protocols: readonly MemberProtocol[]): boolean =>
  member.terms.protocols.length === protocols.length &&
  member.terms.protocols.every(({ name, metadata }, index) => {
    const other = protocols[index];
    return other !== undefined && name === other.name && metadata.equals(other.metadata);
  });

/** What a member counts for besides its bytes: the objects that hold it. */
const MEMBER_OVERHEAD_BYTES = 1024;

/** About how much memory a member takes. */
export const memberSizeBytes = (member: Pick<Member, 'id' | 'groupInstanceId' | 'clientId' | 'terms'>): number =>
  member.terms.protocols.reduce(
    (sum, { name, metadata }) => sum + name.length + metadata.length,
    MEMBER_OVERHEAD_BYTES + member.id.length + (member.groupInstanceId?.length ?? 0) + member.clientId.length,
  );
