import { brokerId, type Random } from '@barnabas/model';
import {
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import { connectSession, createBasePaths, type ZooKeeperSession } from '@barnabas/zookeeper';
import { ProducerIdManager } from '../../src/producer-ids/producer-id-manager.ts';
import { recordingLog } from '../support/recording-log.ts';

export const MAX_WAIT_MS = 2000;
const BLOCK_PATH = '/latest_producer_id_block';

/** A broker of the context: its machine, its session, and its manager of producer ids. */
export type IdBroker = {
  readonly host: SimulatedHost;
  session: ZooKeeperSession | undefined;
  readonly ids: ProducerIdManager;
  readonly lines: readonly string[];
};

/** Brokers with sessions on a simulated ZooKeeper. */
export class ProducerIdContext {
  readonly random: Random;
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly zookeeper: SimulatedZooKeeper;
  #generation = 0;

  constructor(seed = 1) {
    this.random = seededRandom(seed);
    this.zookeeper = new SimulatedZooKeeper({ clock: this.clock, scheduler: this.scheduler, random: this.random });
  }

  /** A new process of the broker: it knows nothing of the ids that an earlier one had. */
  async startBroker(id: number): Promise<IdBroker> {
    const host = this.zookeeper.newHost();
    const log = recordingLog();
    const coordination: { session: ZooKeeperSession | undefined } = { session: undefined };
    const ids = new ProducerIdManager({
      broker: brokerId(id),
      coordination,
      scheduler: this.scheduler,
      maxWaitMs: MAX_WAIT_MS,
      log,
    });
    const broker = Object.assign(coordination, { host, ids, lines: log.lines });
    await this.connect(broker);
    await this.run(createBasePaths(broker.session as ZooKeeperSession));
    return broker;
  }

  /** Gives the broker a new session, as after one that was lost. */
  async connect(broker: IdBroker): Promise<void> {
    broker.session = await this.run(
      connectSession(
        {
          clock: this.clock,
          scheduler: broker.host.process,
          links: broker.host.links,
          ensemble: 'zk1:2181',
          chroot: '/',
          timeoutMs: 3000,
          connectDeadlineMs: 50_000,
          onUncaught: (error) => {
            throw error;
          },
        },
        ++this.#generation,
      ),
    );
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

  /** How many blocks were claimed, by the server's own record. */
  get claims(): number {
    return this.zookeeper.journal.filter(({ txn }) => txn.type === 'setData' && txn.path === BLOCK_PATH).length;
  }
}
