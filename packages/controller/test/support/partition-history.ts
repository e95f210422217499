/**
 * One partition of three brokers over time, its logs as mere lengths, and what its leader has acknowledged. Brokers crash
 * and lose the unflushed end of their log, stop, start, ask to shut down; the leader drops and takes in followers; the
 * controller changes. Everything the controller does here it does with the functions under test.
 */
import { type BrokerEpoch, type BrokerId, brokerEpoch, brokerId, offset } from '@barnabas/model';
import { electPreferred } from '../../src/election/elect-preferred.ts';
import type { LogEnd } from '../../src/election/election.ts';
import type { PartitionView } from '../../src/election/partition-view.ts';
import { UncleanReplicas } from '../../src/election/unclean-replicas.ts';
import { afterWrite, initialLeaderAndIsr, type LeaderAndIsr } from '../../src/leader-and-isr.ts';
import { decideProposal } from '../../src/state/alter-partition.ts';
import { stepOfShutdown } from '../../src/state/controlled-shutdown.ts';
import { settle } from '../../src/state/settle.ts';

const P0 = { topic: 't', partition: 0 };
const BROKERS = [1, 2, 3].map(brokerId);

type Registration = { readonly epoch: BrokerEpoch; readonly marked: boolean; shuttingDown: boolean };

/** What is wrong, if anything, after a step. */
export type Loss = { readonly acknowledged: number; readonly leaderEnd: number };

export class PartitionHistory {
  current: LeaderAndIsr = initialLeaderAndIsr(brokerId(1), BROKERS);
  readonly losses: Loss[] = [];
  /** How often marked brokers had to be chosen among. */
  choices = 0;
  #acknowledged = 0;
  #czxid = 0;
  #unclean = new UncleanReplicas();
  readonly #ends = new Map(BROKERS.map((id) => [id, 0]));
  readonly #registered = new Map<BrokerId, Registration>(BROKERS.map((id) => [id, this.#registration(false)]));
  /** Brokers whose own replica has not been in sync since it lost its end: what they register with. */
  readonly #lost = new Set<BrokerId>();

  get view(): PartitionView {
    const present = [...this.#registered];
    return {
      assignment: BROKERS,
      current: this.current,
      live: new Set(present.flatMap(([id, { shuttingDown }]) => (shuttingDown ? [] : [id]))),
      failed: new Set<BrokerId>(),
      shuttingDown: new Set(present.flatMap(([id, { shuttingDown }]) => (shuttingDown ? [id] : []))),
      marked: this.#unclean.of(P0),
    };
  }

  append(): void {
    const { leader, isr } = this.current;
    if (leader === undefined) return;
    const end = this.#end(leader) + 1;
    for (const id of isr) this.#ends.set(id, end);
    this.#acknowledged = end;
  }

  /** Several at once, as when the power fails; each loses up to `lost` records. */
  crash(brokers: readonly BrokerId[], lost: number): void {
    for (const id of brokers.filter((id) => this.#registered.delete(id))) {
      this.#ends.set(id, Math.max(0, this.#end(id) - ((lost + id) % 4)));
      this.#lost.add(id);
    }
    this.#settle();
  }

  stop(broker: BrokerId): void {
    this.#registered.delete(broker);
    this.#settle();
  }

  start(broker: BrokerId): void {
    if (this.#registered.has(broker)) return;
    const registration = this.#registration(this.#lost.has(broker));
    this.#registered.set(broker, registration);
    if (registration.marked) this.#unclean.mark(broker, [P0]);
    this.#settle();
  }

  askToShutDown(broker: BrokerId): void {
    const registration = this.#registered.get(broker);
    if (registration === undefined) return;
    registration.shuttingDown = true;
    const step = stepOfShutdown(this.view, broker);
    if (step.kind === 'changed') this.#write(step.next);
  }

  /** Its follower catches up and joins, or falls out. */
  alterIsr(follower: BrokerId, joins: boolean): void {
    const { leader, isr, leaderEpoch, partitionEpoch, isRecovering } = this.current;
    const epoch = this.#registered.get(follower)?.epoch;
    if (leader === undefined || follower === leader || epoch === undefined) return;
    const wished = joins ? [...new Set([...isr, follower])] : isr.filter((id) => id !== follower);
    const members = wished.map((id) => ({ id, epoch: this.#registered.get(id)?.epoch ?? brokerEpoch(-1) }));
    const proposal = { leader, leaderEpoch, partitionEpoch, isRecovering, isr: members, requestVersion: 3 };
    const registered = Array.from(this.#registered, ([id, { epoch, shuttingDown }]) => ({ id, epoch, shuttingDown }));
    const live = new Map(
      registered.flatMap(({ id, epoch, shuttingDown }) => (shuttingDown ? [] : [[id, epoch] as const])),
    );
    const decision = decideProposal(proposal, { assignment: BROKERS, current: this.current, live });
    if (decision.kind !== 'write') return;
    if (joins) this.#trust(follower, this.#end(leader));
    this.#write(decision.next);
  }

  preferredElection(): void {
    const election = electPreferred(this.view);
    if (election.kind === 'elected') this.#write(election.next);
  }

  /** It knows what ZooKeeper knows. */
  newController(): void {
    this.#unclean = new UncleanReplicas();
    for (const [id, { marked }] of this.#registered) if (marked) this.#unclean.mark(id, [P0]);
    this.#settle();
  }

  #settle(): void {
    const first = settle(this.view, { allowUnclean: false, logEnds: new Map() });
    this.#write(first.next);
    if (first.waitsFor?.kind !== 'askLogEnds') return;
    this.choices++;
    const logEnds = new Map(first.waitsFor.of.map((id): [BrokerId, LogEnd] => [id, this.#logEnd(id)]));
    this.#write(settle(this.view, { allowUnclean: false, logEnds }).next);
  }

  #write(next: LeaderAndIsr): void {
    if (next === this.current) return;
    const before = this.view;
    this.current = afterWrite(next);
    if (next.leader !== undefined && next.leader !== before.current.leader) this.#lead(next.leader, before);
  }

  #lead(leader: BrokerId, { current, marked }: PartitionView): void {
    const wereAllMarked = current.isr.every((id) => marked.has(id));
    const farthest = Math.max(...current.isr.map((id) => this.#end(id)));
    const owed = wereAllMarked ? Math.min(farthest, this.#acknowledged) : this.#acknowledged;
    if (this.#end(leader) < owed) this.losses.push({ acknowledged: owed, leaderEnd: this.#end(leader) });
    this.#acknowledged = Math.min(this.#acknowledged, this.#end(leader));
    this.#trust(leader, this.#end(leader));
    for (const id of this.current.isr) this.#ends.set(id, this.#end(leader));
  }

  #trust(broker: BrokerId, end: number): void {
    this.#ends.set(broker, end);
    this.#lost.delete(broker);
    this.#unclean.trust(broker, P0);
  }

  #end(broker: BrokerId): number {
    return this.#ends.get(broker) ?? 0;
  }

  #logEnd(broker: BrokerId): LogEnd {
    return { lastEpoch: this.current.leaderEpoch, endOffset: offset(this.#end(broker)) };
  }

  #registration(marked: boolean): Registration {
    return { epoch: brokerEpoch(++this.#czxid), marked, shuttingDown: false };
  }
}
