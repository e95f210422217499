/**
 * The states of a group.
 *
 *   Empty -> PreparingRebalance -> CompletingRebalance -> Stable
 *     ^_______________|  ^_______________|_________________|
 *
 * Dead is reached from each of them: the group is being deleted. From there it goes to Empty again where the deletion fails.
 * Source: Kafka's GroupMetadata, GroupState.
 */
export type GroupState =
  /** No members; it has offsets, or had members once, or somebody is about to join. */
  | { readonly name: 'Empty' }
  /** Waits for all members to join (again). */
  | { readonly name: 'PreparingRebalance'; readonly phase: JoinPhase }
  /** Waits for the leader's assignment; `unsynced` are the members that have not asked for theirs. */
  | {
      readonly name: 'CompletingRebalance';
      readonly unsynced: Set<string>;
      readonly assignment: 'awaited' | 'under way';
    }
  /** Every member's assignment is in the log; `unsynced` may still come for theirs. */
  | { readonly name: 'Stable'; readonly unsynced: Set<string> }
  /** The records that delete it are under way. */
  | { readonly name: 'Dead' };

/** How long the join phase lasts. */
export type JoinPhase =
  /** Until all members have joined, or the longest rebalance time-out has passed. */
  | { readonly kind: 'all members' }
  /**
   * A group that was empty gives others time to come: `delayMs` from its begin, and once more for as long as members keep coming,
   * `remainingMs` at most.
   */
  | {
      readonly kind: 'initial delay';
      readonly delayMs: number;
      readonly remainingMs: number;
      readonly memberAdded: boolean;
    };

export type GroupStateName = GroupState['name'];

export const GROUP_TRANSITIONS: Readonly<Record<GroupStateName, readonly GroupStateName[]>> = {
  Empty: ['PreparingRebalance', 'Dead'],
  PreparingRebalance: ['PreparingRebalance', 'CompletingRebalance', 'Empty', 'Dead'],
  CompletingRebalance: ['CompletingRebalance', 'Stable', 'PreparingRebalance', 'Dead'],
  Stable: ['PreparingRebalance', 'Dead'],
  Dead: ['Empty'],
};

/** A transition that the table does not have: a fault of this program. */
export class IllegalGroupTransitionError extends Error {
  constructor(groupId: string, from: GroupStateName, to: GroupStateName) {
    super(`group ${groupId} cannot go from ${from} to ${to}`);
    this.name = new.target.name;
  }
}
