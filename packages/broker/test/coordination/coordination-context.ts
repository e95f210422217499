import { type BrokerEpoch, type BrokerId, brokerId } from '@barnabas/model';
import {
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import type { BrokerRegistration, Endpoint, NodeRecord, ZooKeeperSession } from '@barnabas/zookeeper';
import { ZooKeeperCoordination } from '../../src/coordination/zookeeper-coordination.ts';

export const ID = brokerId(1);
export const SESSION_TIMEOUT_MS = 6000;

export type Life = {
  readonly host: SimulatedHost;
  readonly coordination: ZooKeeperCoordination;
  /** Log lines of warnings and errors. */
  readonly lines: string[];
  /** What became of the registrations, in order. */
  readonly news: string[];
  register(registration?: Partial<BrokerRegistration>, id?: BrokerId): Promise<void>;
};

/** One simulated ensemble, and the lives of brokers that come and go on it. */
export class CoordinationContext {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly random = seededRandom(7);
  readonly zookeeper = new SimulatedZooKeeper(this);

  life(connectDeadlineMs = 60_000): Life {
    const host = this.zookeeper.newHost();
    const lines: string[] = [];
    const news: string[] = [];
    const note = (_: object, message: string) => void lines.push(message);
    const coordination = new ZooKeeperCoordination({
      scheduler: host.process,
      logger: { debug: () => {}, info: () => {}, warn: note, error: note },
      zookeeper: {
        links: host.links,
        ensemble: 'simulated',
        chroot: '/clusters/a',
        timeoutMs: SESSION_TIMEOUT_MS,
        connectDeadlineMs,
        clock: this.clock,
        scheduler: host.process,
        random: this.random,
        onUncaught: (error) => void lines.push(`uncaught ${error}`),
      },
    });
    const onRegistered = (session: ZooKeeperSession, epoch: BrokerEpoch) =>
      void news.push(`registered ${session.generation}${epoch > 0 ? '' : ' without an epoch'}`);
    const onLost = (session: ZooKeeperSession) => void news.push(`lost ${session.generation}`);
    return {
      host,
      coordination,
      lines,
      news,
      register: (registration = {}, id = ID) =>
        coordination.register({ id, registration: () => registrationOf(registration), onRegistered, onLost }),
    };
  }

  /** Lets time pass until the promise is settled. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => {});
    for (let rounds = 0; !isSettled && rounds < 100_000; rounds++) await this.scheduler.advanceBy(10);
    return settled;
  }

  async connected(life: Life): Promise<Life> {
    await this.run(life.coordination.connect());
    return life;
  }

  async registered(life = this.life()): Promise<Life> {
    await this.run(life.coordination.connect());
    await this.run(life.register());
    return life;
  }

  node(path: string): NodeRecord | undefined {
    return new Map(this.zookeeper.image()?.nodes).get(`/clusters/a${path}`);
  }
}

export const endpointOf = (port: number): Endpoint => ({
  listener: 'PEERS',
  securityProtocol: 'PLAINTEXT',
  host: 'h',
  port,
});

const registrationOf = (given: Partial<BrokerRegistration>): BrokerRegistration => ({
  endpoints: [endpointOf(9191)],
  jmxPort: -1,
  rack: undefined,
  timestampMs: 0,
  features: new Map(),
  unclean: false,
  ...given,
});
