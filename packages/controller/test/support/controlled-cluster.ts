import { type BrokerId, brokerEpoch, brokerId, type TopicPartition } from '@barnabas/model';
import {
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import type { PeerContext } from '@barnabas/transport';
import {
  type BrokerRegistration,
  brokerPath,
  configPath,
  connectSession,
  createBasePaths,
  decodeController,
  decodeControllerEpoch,
  decodePartitionState,
  deleteTopicPath,
  encodeBrokerRegistration,
  encodeConfig,
  encodeTopic,
  type NodeRecord,
  type PartitionState,
  partitionStatePath,
  registerBroker,
  topicPath,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { Controller } from '../../src/controller.ts';
import type { ControllerConfig } from '../../src/controller-options.ts';
import type { AlterPartitionAnswer } from '../../src/handlers/answers.ts';
import { FakeBroker } from './fake-broker.ts';

const SESSION_TIMEOUT_MS = 3000;

export type LogLine = {
  readonly level: string;
  readonly broker: number;
  readonly fields: object;
  readonly message: string;
};

export type Proposal = {
  readonly partition?: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
  readonly epochOf?: (id: number) => bigint;
};

/** One broker of the cluster: its process with its controller, and what other controllers talk to. */
export type Member = {
  readonly id: BrokerId;
  readonly host: SimulatedHost;
  readonly controller: Controller;
  readonly broker: FakeBroker;
  session: ZooKeeperSession;
};

/** Brokers with real controllers on a simulated ZooKeeper; everything else of them is fake. */
export class ControlledCluster {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly zookeeper: SimulatedZooKeeper;
  readonly members = new Map<number, Member>();
  readonly log: LogLine[] = [];
  readonly uncaught: unknown[] = [];
  uncleanElections = 0;
  readonly #seed: number;
  readonly #config: Partial<ControllerConfig>;
  readonly #brokers = new Map<number, FakeBroker>();
  #operator: ZooKeeperSession | undefined;
  #generation = 0;

  constructor(config: Partial<ControllerConfig> = {}, seed = 1) {
    this.#seed = seed;
    this.#config = config;
    this.zookeeper = new SimulatedZooKeeper({
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(seed),
    });
  }

  /** A cluster of these brokers; the first is the controller. */
  static async of(ids: readonly number[], config: Partial<ControllerConfig> = {}): Promise<ControlledCluster> {
    const cluster = new ControlledCluster(config);
    for (const id of ids) await cluster.start(id);
    await cluster.pass(500);
    return cluster;
  }

  get controller(): Member | undefined {
    return [...this.members.values()].find(({ controller }) => controller.isActive);
  }

  member(id: number): Member {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`broker ${id} is not there`);
    return member;
  }

  broker(id: number): FakeBroker {
    const broker = this.#brokers.get(id) ?? new FakeBroker(brokerId(id), this.scheduler);
    this.#brokers.set(id, broker);
    return broker;
  }

  /** A process starts, registers and stands for election. */
  async start(
    id: number,
    registration: Partial<BrokerRegistration> = {},
    asSeenByController: (session: ZooKeeperSession) => ZooKeeperSession = (session) => session,
  ): Promise<Member> {
    const host = this.zookeeper.newHost();
    const broker = this.broker(id);
    broker.restart();
    const session = await this.#register(host, broker, registration);
    const member = { id: brokerId(id), host, broker, session, controller: this.#newController(id, host) };
    this.members.set(id, member);
    member.controller.startSession(asSeenByController(session), broker.epoch ?? brokerEpoch(-1));
    return member;
  }

  /** The same process opens its next session, after it lost the last one. */
  async renew(id: number): Promise<void> {
    const member = this.member(id);
    member.session = await this.#register(member.host, member.broker, {});
    member.controller.startSession(member.session, member.broker.epoch ?? brokerEpoch(-1));
  }

  /** The process dies. Its session is over at once where `isExpired`, or when it expires. */
  async kill(id: number, isExpired = true): Promise<void> {
    const { host, session, broker } = this.member(id);
    host.hold();
    host.process.pause();
    broker.isReachable = false;
    this.members.delete(id);
    if (isExpired) this.zookeeper.expire(session.sessionId);
    await this.pass(isExpired ? 300 : 2 * SESSION_TIMEOUT_MS);
  }

  /** Dies and is back before anybody has looked. */
  async bounce(id: number, registration: Partial<BrokerRegistration> = {}): Promise<void> {
    const { host, session } = this.member(id);
    host.hold();
    host.process.pause();
    this.zookeeper.expire(session.sessionId);
    this.members.delete(id);
    const watching = this.controller?.host;
    watching?.hold();
    await this.start(id, registration);
    watching?.release();
    await this.pass(500);
  }

  async createTopic(
    topic: string,
    assignment: Readonly<Record<number, readonly number[]>>,
    config: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const operator = await this.operator();
    await this.run(
      operator.create(configPath({ type: 'topic', topic }), encodeConfig(new Map(Object.entries(config)))),
    );
    await this.run(
      operator.create(topicPath(topic), encodeTopic({ topicId: idOf(topic), partitions: assignmentOf(assignment) })),
    );
    await this.pass(200);
  }

  async deleteTopic(topic: string): Promise<void> {
    const operator = await this.operator();
    await this.run(operator.create(deleteTopicPath(topic), null));
    await this.pass(300);
  }

  /** A leader proposes an ISR, each member under the epoch that it is registered with, unless told otherwise. */
  alterIsr(leader: number, topic: string, proposal: Proposal): Promise<AlterPartitionAnswer> {
    const { partition: partitionIndex = 0, leaderEpoch, partitionEpoch, isr } = proposal;
    const epochOf = proposal.epochOf ?? ((id: number) => BigInt(this.broker(id).epoch ?? -1));
    const newIsrWithEpochs = isr.map((id) => ({ brokerId: id, brokerEpoch: epochOf(id) }));
    const partition = {
      partitionIndex,
      leaderEpoch,
      partitionEpoch,
      newIsr: [],
      newIsrWithEpochs,
      leaderRecoveryState: 0,
    };
    const request = {
      brokerId: leader,
      brokerEpoch: BigInt(this.broker(leader).epoch ?? -1),
      topics: [{ topicName: '', topicId: idOf(topic), partitions: [partition] }],
    };
    const active = this.controller ?? this.member(leader);
    return this.run(Promise.resolve(active.controller.handlers.AlterPartition(request, contextOf(3))));
  }

  /** A session that belongs to no broker. */
  async operator(): Promise<ZooKeeperSession> {
    this.#operator ??= await this.#connect(this.zookeeper.newHost());
    return this.#operator;
  }

  /** Lets time pass. */
  async pass(durationMs: number): Promise<void> {
    await this.scheduler.advanceBy(durationMs);
  }

  /** Lets time pass until it is done, a minute at the most. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    promise.then(end, end);
    for (let elapsedMs = 0; !isDone && elapsedMs < 60_000; elapsedMs++) await this.scheduler.advanceBy(1);
    if (!isDone) throw new Error('it does not come to an end');
    return promise;
  }

  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    for (let elapsedMs = 0; !condition(); elapsedMs++) {
      if (elapsedMs >= limitMs) throw new Error('it does not come to pass');
      await this.scheduler.advanceBy(1);
    }
  }

  node(path: string): NodeRecord | undefined {
    for (const [found, node] of this.zookeeper.image()?.nodes ?? []) if (found === path) return node;
    return undefined;
  }

  get controllerId(): number {
    return decodeController(this.node('/controller')?.data ?? null);
  }

  get controllerEpoch(): number {
    return decodeControllerEpoch(this.node('/controller_epoch')?.data ?? null);
  }

  state(topic: string, partition = 0): PartitionState & { readonly version: number } {
    const at: TopicPartition = { topic, partition };
    const node = this.node(partitionStatePath(at));
    if (node === undefined) throw new Error(`${topic}-${partition} has no state`);
    return { ...decodePartitionState(at, node.data), version: node.version };
  }

  /** `leader/isr`, for short: `1/1,2`, `-/3`. */
  short(topic: string, partition = 0): string {
    const { leader, isr } = this.state(topic, partition);
    return `${leader ?? '-'}/${isr.join()}`;
  }

  #newController(id: number, host: SimulatedHost): Controller {
    const log = (level: string) => (fields: object, message: string) => {
      this.log.push({ level, broker: id, fields, message });
    };
    return new Controller({
      brokerId: brokerId(id),
      clock: this.clock,
      scheduler: host.process,
      random: seededRandom(this.#seed + id),
      logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      connect: (peer) => this.broker(peer.id).client(),
      peerListener: 'PEERS',
      config: {
        deleteTopicEnable: true,
        uncleanLeaderElectionEnable: false,
        autoLeaderRebalanceEnable: false,
        leaderImbalancePerBrokerPercentage: 10,
        leaderImbalanceCheckIntervalMs: 300_000,
        requestTimeoutMs: 2000,
        ...this.#config,
      },
      metrics: {
        uncleanLeaderElected: () => {
          this.uncleanElections++;
        },
      },
    });
  }

  async #register(
    host: SimulatedHost,
    broker: FakeBroker,
    registration: Partial<BrokerRegistration>,
  ): Promise<ZooKeeperSession> {
    const session = await this.#connect(host);
    await this.run(createBasePaths(session));
    broker.epoch = await this.run(
      registerBroker(session, broker.id, { ...registrationOf(broker.id), ...registration }),
    );
    return session;
  }

  #connect(host: SimulatedHost): Promise<ZooKeeperSession> {
    const options = {
      clock: this.clock,
      scheduler: host.process,
      links: host.links,
      ensemble: 'zk',
      chroot: '/',
      timeoutMs: SESSION_TIMEOUT_MS,
      connectDeadlineMs: 2000,
      onUncaught: (error: unknown) => this.uncaught.push(error),
    };
    this.#generation++;
    return this.run(connectSession(options, this.#generation));
  }
}

export function registrationOf(id: number): BrokerRegistration {
  return {
    endpoints: [{ listener: 'PEERS', securityProtocol: 'PLAINTEXT', host: `b${id}`, port: 9190 + id }],
    jmxPort: -1,
    rack: undefined,
    timestampMs: 0,
    features: new Map(),
    unclean: false,
  };
}

/** The id that `createTopic` gives. */
export function idOf(topic: string): string {
  return Buffer.from(topic.padEnd(16, '.')).subarray(0, 16).toString('base64url');
}

export function assignmentOf(assignment: Readonly<Record<number, readonly number[]>>) {
  return new Map(
    Object.entries(assignment).map(([partition, replicas]) => [
      Number(partition),
      { replicas: replicas.map(brokerId), addingReplicas: [], removingReplicas: [] },
    ]),
  );
}

export const contextOf = (version: number): PeerContext => ({
  version,
  clientId: null,
  remote: 'test',
  signal: new AbortController().signal,
});

/** Writes the registration of a broker anew, in its session. */
export async function reregister(
  cluster: ControlledCluster,
  id: number,
  registration: Partial<BrokerRegistration>,
): Promise<void> {
  const data = encodeBrokerRegistration({ ...registrationOf(id), ...registration });
  await cluster.run(cluster.member(id).session.set(brokerPath(brokerId(id)), data, -1));
}
