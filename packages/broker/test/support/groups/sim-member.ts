import { type ErrorName, errorByCode } from '@barnabas/model';
import { type ApiName, decodeAssignment, encodeAssignment, encodeSubscription } from '@barnabas/protocol';
import type { SimulatedPeerHost, SimulatedScheduler } from '@barnabas/testkit';
import type { PeerClient, PeerRequest, PeerResponse } from '@barnabas/transport';
import type { GroupLedger } from './group-ledger.ts';

export type SimMemberOptions = {
  readonly name: string;
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  /** Whence it connects to `broker-1` and so on. */
  readonly host: SimulatedPeerHost;
  readonly brokers: readonly number[];
  readonly scheduler: SimulatedScheduler;
  readonly ledger: GroupLedger;
};

/** What a member does about an answer that is no success. */
class Refused extends Error {
  readonly error: ErrorName;
  constructor(error: ErrorName) {
    super(error);
    this.error = error;
  }
}

const ELSEWHERE: readonly ErrorName[] = ['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'REQUEST_TIMED_OUT'];
const JOIN_TIMEOUT_MS = 60_000;
const TIMEOUT_MS = 6000;
const BEAT_MS = 300;

/**
 * A member of a group as clients are: finds its coordinator, joins, has partitions shared out or does it as the leader, and
 * then beats, and commits one more record of each of its partitions, until it is stopped.
 */
export class SimMember {
  readonly #options: SimMemberOptions;
  readonly #clients = new Map<string, PeerClient>();
  /** Name of the host. */
  #coordinator: string | undefined;
  #memberId = '';
  #generation = -1;
  #positions = new Map<number, number>();
  #mustJoin = true;
  #isOver = false;

  constructor(options: SimMemberOptions) {
    this.#options = options;
  }

  /** What it owns now. */
  get partitions(): readonly number[] {
    return [...this.#positions.keys()].sort((a, b) => a - b);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Ends, without a word to the group. */
  stop(): void {
    this.#isOver = true;
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      try {
        if (this.#mustJoin) await this.#join();
        else await this.#beat();
      } catch (error) {
        if (!(error instanceof Refused)) this.#coordinator = undefined;
        else if (ELSEWHERE.includes(error.error)) this.#coordinator = undefined;
        else if (error.error === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
        await this.#pause(50);
      }
    }
  }

  async #join(): Promise<void> {
    const { group, topic } = this.#options;
    const metadata = encodeSubscription({ topics: [topic], userData: null });
    const joined = await this.#ask('JoinGroup', 7, {
      groupId: group,
      sessionTimeoutMs: TIMEOUT_MS,
      rebalanceTimeoutMs: TIMEOUT_MS,
      memberId: this.#memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata }],
    });
    if (errorByCode(joined.errorCode).name === 'MEMBER_ID_REQUIRED') {
      this.#memberId = joined.memberId;
      return this.#join();
    }
    demand(joined);
    this.#memberId = joined.memberId;
    const { generationId, members } = joined;
    const { assignment, ...synced } = await this.#ask('SyncGroup', 5, {
      groupId: group,
      generationId,
      memberId: this.#memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: this.#assignmentsOf(members.map(({ memberId }) => memberId)),
    });
    demand(synced);
    await this.#begin(generationId, assignment);
  }

  async #begin(generation: number, assignment: Buffer): Promise<void> {
    const { name, topic, ledger } = this.#options;
    const partitions =
      assignment.length === 0 ? [] : (decodeAssignment(assignment).data.assignedPartitions[0]?.partitions ?? []);
    this.#generation = generation;
    this.#mustJoin = false;
    ledger.assigned(name, generation, partitions);
    const asked = { groupId: this.#options.group, topics: [{ name: topic, partitionIndexes: partitions }] };
    const answer = await this.#ask('OffsetFetch', 7, { ...asked, requireStable: false });
    demand(answer);
    const found = answer.topics[0]?.partitions ?? [];
    this.#positions = new Map(
      found.map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
    );
    for (const [partition, offset] of this.#positions) ledger.fetched(generation, partition, offset);
  }

  async #beat(): Promise<void> {
    const { group, ledger } = this.#options;
    const member = { groupId: group, memberId: this.#memberId, groupInstanceId: null };
    try {
      demand(await this.#ask('Heartbeat', 4, { ...member, generationId: this.#generation }));
      for (const [partition, offset] of [...this.#positions]) {
        demandEach(await this.#commit(partition, offset + 1));
        this.#positions.set(partition, offset + 1);
        ledger.committed(partition, offset + 1);
      }
    } catch (error) {
      if (error instanceof Refused && !ELSEWHERE.includes(error.error)) this.#mustJoin = true;
      throw error;
    }
    await this.#pause(BEAT_MS);
  }

  #commit(partitionIndex: number, offset: number): Promise<PeerResponse<'OffsetCommit'>> {
    const { group, topic } = this.#options;
    return this.#ask('OffsetCommit', 8, {
      groupId: group,
      generationIdOrMemberEpoch: this.#generation,
      memberId: this.#memberId,
      groupInstanceId: null,
      topics: [
        { name: topic, partitions: [{ partitionIndex, committedOffset: BigInt(offset), committedMetadata: '' }] },
      ],
    });
  }

  /** None unless it leads: then each member gets every so manyth partition. */
  #assignmentsOf(members: readonly string[]): PeerRequest<'SyncGroup'>['assignments'] {
    const { topic, partitions } = this.#options;
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    return members.map((memberId, at) => ({
      memberId,
      assignment: encodeAssignment({
        assignedPartitions: [{ topic, partitions: all.filter((each) => each % members.length === at) }],
        userData: null,
      }),
    }));
  }

  async #ask<Name extends ApiName>(
    api: Name,
    version: number,
    request: PeerRequest<Name>,
  ): Promise<PeerResponse<Name>> {
    this.#coordinator ??= await this.#find();
    const deadlineMs = api === 'JoinGroup' ? JOIN_TIMEOUT_MS : TIMEOUT_MS;
    return this.#clientOf(this.#coordinator).send(api, version, request, { deadlineMs });
  }

  async #find(): Promise<string> {
    const { brokers, group } = this.#options;
    for (let at = 0; ; at++) {
      const broker = brokers[at % brokers.length] ?? 1;
      const request = { coordinatorKeys: [group] };
      const found = await this.#clientOf(`broker-${broker}`)
        .send('FindCoordinator', 4, request, { deadlineMs: 2000 })
        .catch(() => undefined);
      const [coordinator] = found?.coordinators ?? [];
      if (coordinator?.errorCode === 0) return coordinator.host;
      if (this.#isOver) throw new Refused('COORDINATOR_NOT_AVAILABLE');
      await this.#pause(100);
    }
  }

  #clientOf(host: string): PeerClient {
    const known = this.#clients.get(host);
    if (known !== undefined) return known;
    const client = this.#options.host.connect(host, this.#options.name);
    this.#clients.set(host, client);
    return client;
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#options.scheduler.after(delayMs, resolve));
  }
}

const demand = ({ errorCode }: { readonly errorCode: number }): void => {
  const { name } = errorByCode(errorCode);
  if (name !== 'NONE') throw new Refused(name);
};

const demandEach = ({ topics }: PeerResponse<'OffsetCommit'>): void => {
  for (const { partitions } of topics) for (const each of partitions) demand(each);
};
