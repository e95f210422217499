import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { Client, type ClientOptions } from '../../src/client.ts';
import { SimulatedCluster } from './simulated-cluster.ts';

/** A client of a simulated cluster, in simulated time. */
export class SimulatedClient {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly cluster: SimulatedCluster;
  readonly client: Client;

  constructor({ partitions = 1, ...options }: Partial<ClientOptions> & { readonly partitions?: number } = {}) {
    this.cluster = new SimulatedCluster(this.scheduler, partitions);
    this.client = new Client({
      servers: ['http://a', 'http://b', 'http://c'],
      door: this.cluster,
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(1),
      ...options,
    });
  }

  /** What becomes of `promise` within `durationMs`; undefined where nothing does. */
  async outcomeOf<Value>(
    promise: Promise<Value>,
    durationMs: number,
  ): Promise<PromiseSettledResult<Value> | undefined> {
    let outcome: PromiseSettledResult<Value> | undefined;
    void Promise.allSettled([promise]).then(([settled]) => {
      outcome = settled;
    });
    for (let spentMs = 0; spentMs < durationMs && outcome === undefined; spentMs += 100) {
      await this.scheduler.advanceBy(100);
    }
    return outcome;
  }

  /** What `promise` resolves to. @throws what it rejects with, or where it does neither within `durationMs` */
  async valueOf<Value>(promise: Promise<Value>, durationMs = 200_000): Promise<Value> {
    const outcome = await this.outcomeOf(promise, durationMs);
    if (outcome === undefined) throw new Error(`nothing came of it within ${durationMs} ms`);
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }
}
