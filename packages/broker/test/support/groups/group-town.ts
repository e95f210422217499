import { partitionFor } from '@barnabas/coordinator';
import { APIS } from '@barnabas/protocol';
import type { PeerClient, PeerResponse } from '@barnabas/transport';
import { type Life, type Machine, SimulatedCluster } from '../node/simulated-cluster.ts';
import { GroupLedger } from './group-ledger.ts';
import { SimMember } from './sim-member.ts';

const GROUP = 'readers';
const TOPIC = 'orders';
const PARTITIONS = 4;
const OFFSETS_PARTITIONS = 5;
const PROPERTIES = [
  'min.insync.replicas=2',
  `offsets.topic.num.partitions=${OFFSETS_PARTITIONS}`,
  'offsets.topic.replication.factor=3',
  'group.initial.rebalance.delay.ms=500',
  'group.min.session.timeout.ms=1000',
];

/** Three brokers with a topic, and members that come and go. */
export class GroupTown {
  readonly cluster: SimulatedCluster;
  readonly machines: readonly Machine[];
  readonly lives = new Map<number, Life>();
  readonly ledger = new GroupLedger();
  readonly members: SimMember[] = [];

  private constructor(seed: number | undefined) {
    this.cluster = new SimulatedCluster(seed);
    this.machines = [1, 2, 3].map((id) => this.cluster.machine(id));
  }

  static async start(seed?: number): Promise<GroupTown> {
    const town = new GroupTown(seed);
    const { cluster } = town;
    await Promise.all(town.machines.map((machine) => town.startBroker(machine)));
    const lives = [...town.lives.values()];
    await town.until(() => lives.every(({ broker }) => broker.parts.cache.image.brokers.size === lives.length));
    const controller = lives.find(({ broker }) => broker.isController)?.broker;
    if (controller === undefined) throw new Error('there is no controller');
    const topic = { name: TOPIC, numPartitions: PARTITIONS, replicationFactor: 3, assignments: [], configs: [] };
    const creation = controller.parts.requests.ask(
      controller.brokerId,
      'CreateTopics',
      7,
      { topics: [topic], timeoutMs: 5000 },
      { deadlineMs: 10_000 },
    );
    await cluster.run(creation);
    return town;
  }

  async startBroker(machine: Machine): Promise<void> {
    this.lives.set(machine.id, await this.cluster.start(machine, PROPERTIES));
  }

  /** It hands over what it leads; then the process ends. */
  async stopBroker({ id }: Machine): Promise<void> {
    const { broker, peers } = this.#lifeOf(id);
    await this.cluster.run(broker.close());
    this.cluster.network.kill(peers);
    this.lives.delete(id);
  }

  crashBroker(machine: Machine): void {
    this.cluster.crash(machine, this.#lifeOf(machine.id));
    this.lives.delete(machine.id);
  }

  machineOf(id: number): Machine {
    const machine = this.machines.find((each) => each.id === id);
    if (machine === undefined) throw new Error(`there is no machine ${id}`);
    return machine;
  }

  addMember(name: string): SimMember {
    const { network, zookeeper, scheduler } = this.cluster;
    const member = new SimMember({
      name,
      group: GROUP,
      topic: TOPIC,
      partitions: PARTITIONS,
      host: network.newHost(name, zookeeper.newHost().process),
      brokers: [1, 2, 3],
      scheduler,
      ledger: this.ledger,
    });
    this.members.push(member);
    member.run().catch((error: unknown) => this.ledger.violations.push(String(error)));
    return member;
  }

  get liveMembers(): readonly SimMember[] {
    return this.members.filter(({ isOver }) => !isOver);
  }

  /** Who coordinates the group, as far as the live brokers know. */
  coordinator(): number | undefined {
    return this.#offsetsPartition()?.leader;
  }

  /** All three brokers have what is known of the group. */
  inSync(): Promise<void> {
    return this.until(() => this.#offsetsPartition()?.isr.length === 3);
  }

  /** Time passes until it is so. */
  async until(isSo: () => boolean, withinMs = 60_000): Promise<void> {
    const endMs = this.cluster.clock.steadyMs() + withinMs;
    while (!isSo()) {
      if (this.cluster.clock.steadyMs() > endMs) throw new Error(`not within ${withinMs} ms: ${isSo}`);
      await this.cluster.scheduler.advanceBy(20);
    }
  }

  /** All partitions are owned, each by one of these members, and all of those have some. */
  async shared(...members: readonly SimMember[]): Promise<void> {
    await this.until(() => {
      const owned = members.flatMap(({ partitions }) => partitions).sort((a, b) => a - b);
      const isOne = new Set(members.map(({ generation }) => generation)).size === 1;
      return isOne && owned.join() === '0,1,2,3' && members.every(({ partitions }) => partitions.length > 0);
    });
  }

  /** That many more commits of each partition are acknowledged. */
  async committed(count: number): Promise<void> {
    const before = new Map(this.ledger.acknowledged);
    const isDone = (partition: number) =>
      (this.ledger.acknowledged.get(partition) ?? -1) >= (before.get(partition) ?? -1) + count;
    await this.until(() => [0, 1, 2, 3].every(isDone));
  }

  /** What the coordinator answers, as bytes. */
  async offsets(): Promise<{ readonly offsets: ReadonlyMap<number, number>; readonly bytes: string }> {
    const request = { groups: [{ groupId: GROUP, topics: null }], requireStable: false };
    const answer = await this.#ask((client) => client.send('OffsetFetch', 9, request, { deadlineMs: 5000 }));
    const partitions = answer.groups[0]?.topics[0]?.partitions ?? [];
    return {
      offsets: new Map(
        partitions.map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
      ),
      bytes: APIS.OffsetFetch.response.encode(9, answer).toString('hex'),
    };
  }

  async #ask(ask: (client: PeerClient) => Promise<PeerResponse<'OffsetFetch'>>): Promise<PeerResponse<'OffsetFetch'>> {
    const { network, zookeeper, scheduler, clock } = this.cluster;
    const host = network.newHost('tool', zookeeper.newHost().process);
    for (const endMs = clock.steadyMs() + 30_000; clock.steadyMs() < endMs; await scheduler.advanceBy(100)) {
      const coordinator = this.coordinator();
      if (coordinator === undefined) continue;
      const answer = await this.cluster.run(ask(host.connect(`broker-${coordinator}`, 'tool')));
      if (answer.groups[0]?.errorCode === 0) return answer;
    }
    throw new Error('nobody coordinates the group');
  }

  async close(): Promise<void> {
    for (const member of this.members) member.stop();
    for (const { broker } of this.lives.values()) await this.cluster.run(broker.close());
  }

  #offsetsPartition() {
    const [life] = this.lives.values();
    const topic = life?.broker.parts.cache.image.topics.get('__consumer_offsets');
    return topic?.partitions.get(partitionFor(GROUP, topic.partitions.size));
  }

  #lifeOf(id: number): Life {
    const life = this.lives.get(id);
    if (life === undefined) throw new Error(`broker ${id} does not run`);
    return life;
  }
}
