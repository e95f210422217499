import type { RequestId } from '../groups/group-shard.ts';
import type { StoredGroup } from '../log/group-change.ts';
import { GroupOffsets } from './group-offsets.ts';
import { GROUP_TRANSITIONS, type GroupState, type GroupStateName, IllegalGroupTransitionError } from './group-state.ts';
import { type JoinTerms, type Member, type MemberProtocol, memberSizeBytes } from './member.ts';
import { electProtocol, ProtocolSupport } from './protocol-support.ts';
import { subscribedTopics } from './subscribed-topics.ts';

/**
 * One group: what is in the log of it (`stored`, `offsets`), which only a committed record changes, and what its members are about
 * to agree on, which is lost with the coordinator. Changed by the functions of `membership/` and `offsets/`, within one turn of its
 * shard.
 *
 * Invariant: in Stable, `stored` is of this generation, and has the assignments.
 * Invariant: the generation only grows, and is not below that of `stored`.
 */
export class Group {
  readonly id: string;
  readonly offsets = new GroupOffsets();
  /** The last group record that was committed. */
  stored: StoredGroup | null = null;
  /** Member ids that were given out and not yet used. */
  readonly pendingMembers = new Set<string>();
  /** null until the first member has joined. */
  protocolType: string | null = null;
  protocol: string | null = null;
  generation = 0;
  leader: string | null = null;
  /** Topics of a consumer group's members; null where that is not known. */
  subscribedTopics: ReadonlySet<string> | null = null;
  #state: GroupState = { name: 'Empty' };
  /** Since when it is in its state; null: not known. */
  stateTimestampMs: number | null;
  readonly #members = new Map<string, Member>();
  /** Member ids by instance id. */
  readonly #instances = new Map<string, string>();
  readonly #support = new ProtocolSupport();
  #membersWaiting = 0;
  #membersSizeBytes = 0;

  constructor(id: string, stateTimestampMs: number | null) {
    this.id = id;
    this.stateTimestampMs = stateTimestampMs;
  }

  get state(): GroupState {
    return this.#state;
  }

  /** In the order in which they came. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get size(): number {
    return this.#members.size;
  }

  /** How many members have a JoinGroup parked. */
  get membersWaiting(): number {
    return this.#membersWaiting;
  }

  /** About how much memory the members take. */
  get membersSizeBytes(): number {
    return this.#membersSizeBytes;
  }

  /** The longest that a member needs to join again. */
  get rebalanceTimeoutMs(): number {
    return this.members.reduce((longest, { terms }) => Math.max(longest, terms.rebalanceTimeoutMs), 0);
  }

  get allHaveJoined(): boolean {
    return this.#membersWaiting === this.size && this.pendingMembers.size === 0;
  }

  /** Nothing would be lost if nobody remembered it. */
  get isUnused(): boolean {
    const isFresh = this.#state.name === 'Empty' && this.generation === 0 && this.stored === null;
    return isFresh && this.pendingMembers.size === 0 && this.offsets.isEmpty;
  }

  member(id: string): Member | undefined {
    return this.#members.get(id);
  }

  memberOfInstance(groupInstanceId: string): string | undefined {
    return this.#instances.get(groupInstanceId);
  }

  /** A deletion that fails leaves the time at which the group became empty. Throws IllegalGroupTransitionError. */
  moveTo(state: GroupState, nowMs: number): void {
    if (!GROUP_TRANSITIONS[this.#state.name].includes(state.name)) {
      throw new IllegalGroupTransitionError(this.id, this.#state.name, state.name);
    }
    const staysEmpty = state.name === 'Dead' || this.#state.name === 'Dead';
    if (state.name !== this.#state.name && !staysEmpty) this.stateTimestampMs = nowMs;
    this.#state = state;
  }

  is(...names: readonly GroupStateName[]): boolean {
    return names.includes(this.#state.name);
  }

  /** The first one makes the group one of its protocol type, and is its leader. */
  add(member: Member, protocolType: string): void {
    if (this.size === 0) this.protocolType = protocolType;
    this.leader ??= member.id;
    this.#put(member);
    if (member.groupInstanceId !== null) this.#instances.set(member.groupInstanceId, member.id);
    this.pendingMembers.delete(member.id);
  }

  /** The next one leads where the leader goes. What is parked for it is the caller's to answer. */
  remove(id: string): void {
    const { groupInstanceId } = this.#take(id);
    this.#members.delete(id);
    if (groupInstanceId !== null) this.#instances.delete(groupInstanceId);
    if (this.#state.name === 'CompletingRebalance' || this.#state.name === 'Stable') this.#state.unsynced.delete(id);
    if (this.leader === id) this.leader = this.#members.keys().next().value ?? null;
  }

  /** Gives a static member another id, under which it comes last; everything else about it stays. What is parked for it is the caller's to answer. */
  rename(id: string, newId: string): Member {
    const renamed = { ...this.#take(id), id: newId, joinRequest: null, syncRequest: null };
    this.#members.delete(id);
    this.#put(renamed);
    if (renamed.groupInstanceId !== null) this.#instances.set(renamed.groupInstanceId, newId);
    if (this.leader === id) this.leader = newId;
    if (
      (this.#state.name === 'CompletingRebalance' || this.#state.name === 'Stable') &&
      this.#state.unsynced.delete(id)
    ) {
      this.#state.unsynced.add(newId);
    }
    return renamed;
  }

  setTerms(id: string, terms: JoinTerms): Member {
    return this.#change(id, { terms });
  }

  /** `request` null: its JoinGroup waits no longer. */
  parkJoin(id: string, joinRequest: RequestId | null): Member {
    return this.#change(id, { joinRequest });
  }

  /** `request` null: its SyncGroup waits no longer. */
  parkSync(id: string, syncRequest: RequestId | null): Member {
    return this.#change(id, { syncRequest });
  }

  assign(id: string, assignment: Buffer): Member {
    return this.#change(id, { assignment });
  }

  hasComeThrough(id: string): Member {
    return this.#change(id, { isNew: false });
  }

  /** Whether one of these type and protocols can be a member. */
  fits(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.is('Empty')) return protocolType !== '' && protocols.length > 0;
    return (
      this.protocolType === protocolType && protocols.some(({ name }) => this.#support.isOfferedBy(this.size, name))
    );
  }

  electProtocol(): string | null {
    return electProtocol(this.members, this.#support);
  }

  /** One more generation, of the members that there are. */
  beginGeneration(nowMs: number): void {
    this.generation += 1;
    this.protocol = this.size === 0 ? null : this.electProtocol();
    this.#learnSubscribedTopics();
    const unsynced = new Set(this.#members.keys());
    this.moveTo(
      this.size === 0 ? { name: 'Empty' } : { name: 'CompletingRebalance', unsynced, assignment: 'awaited' },
      nowMs,
    );
  }

  /** As the log has it, when that was read to its end. */
  restore(stored: StoredGroup): void {
    this.protocolType = stored.protocolType === '' ? null : stored.protocolType;
    this.protocol = stored.protocol;
    this.generation = stored.generation;
    this.stateTimestampMs = stored.stateTimestampMs;
    for (const member of restoredMembers(stored)) this.add(member, stored.protocolType);
    this.leader = stored.leader;
    this.#learnSubscribedTopics();
    if (this.size > 0) this.#state = { name: 'Stable', unsynced: new Set() };
  }

  #learnSubscribedTopics(): void {
    this.subscribedTopics = subscribedTopics(this.protocolType, this.protocol, this.members);
  }

  #change(id: string, changed: Partial<Member>): Member {
    const member = this.#take(id);
    const now = { ...member, ...changed };
    this.#put(now);
    return now;
  }

  #put(member: Member): void {
    this.#members.set(member.id, member);
    this.#support.add(member);
    if (member.joinRequest !== null) this.#membersWaiting += 1;
    this.#membersSizeBytes += memberSizeBytes(member);
  }

  /** Out of all counts; it keeps its place among the members until it is deleted from them. */
  #take(id: string): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`group ${this.id} has no member ${id}`);
    this.#support.remove(member);
    if (member.joinRequest !== null) this.#membersWaiting -= 1;
    this.#membersSizeBytes -= memberSizeBytes(member);
    return member;
  }
}

/** Each offers the protocol that was chosen, and nothing else is known of what it offers. */
const restoredMembers = ({ protocol, members }: StoredGroup): Member[] =>
  [...members].map(([id, stored]) => ({
    id,
    groupInstanceId: stored.groupInstanceId,
    clientId: stored.clientId,
    clientHost: stored.clientHost,
    terms: {
      rebalanceTimeoutMs: stored.rebalanceTimeoutMs,
      sessionTimeoutMs: stored.sessionTimeoutMs,
      protocols: [{ name: protocol ?? '', metadata: stored.subscription }],
    },
    assignment: stored.assignment,
    joinRequest: null,
    syncRequest: null,
    isNew: false,
  }));
