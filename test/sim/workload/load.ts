import { chance, pick } from '@barnabas/testkit';
import type { ClusterModel } from '../invariants/cluster-model.ts';
import type { TopicPromise } from '../invariants/partition-model.ts';
import { between } from '../kernel/chances.ts';
import { CheckFailure } from '../kernel/check-failure.ts';
import type { World } from '../world/world.ts';
import { SimClient } from './sim-client.ts';
import { SimConsumer } from './sim-consumer.ts';
import { type ProducerKind, SimProducer } from './sim-producer.ts';
import { TopicAdmin, type TopicSpec } from './topic-admin.ts';

/** How long producers may take to end what they have begun, once all is well. */
const END_MS = 60_000;

/** Who uses the cluster during a run: topics, and producers and consumers for each of their partitions. */
export class Load {
  readonly producers: SimProducer[] = [];
  readonly #world: World;
  readonly #topics: readonly TopicSpec[];
  readonly #client: SimClient;
  readonly #admin: SimClient;
  readonly #consumers: SimConsumer[] = [];
  #cluster: ClusterModel | undefined;
  #isAdminBusy = false;

  constructor(world: World) {
    this.#world = world;
    this.#client = new SimClient('client', world);
    this.#admin = new SimClient('admin', world);
    this.#topics = this.#drawTopics();
  }

  promiseOf(topic: string): TopicPromise {
    const spec = this.#topics.find(({ name }) => topic === name || topic.startsWith(`${name}-`));
    if (spec === undefined) throw new Error(`nobody has made ${topic}`);
    return spec.promise;
  }

  begin(cluster: ClusterModel): void {
    this.#cluster = cluster;
    const admin = new TopicAdmin(this.#admin, cluster);
    for (const spec of this.#topics) {
      this.#client.run(async () => {
        await admin.create(spec);
        for (let index = 0; index < spec.partitions; index++) this.#beginPartition(spec.name, index, cluster);
      });
    }
    if (this.#world.options.recreates) this.#admin.run(() => this.#comeAndGo(admin));
  }

  /** Lets everybody end what they have begun. */
  async end(recover: () => Promise<void>): Promise<void> {
    this.#admin.stop();
    await this.#until(() => !this.#isAdminBusy, 'topics are created and deleted for ever');
    await recover();
    this.#client.stop();
    await this.#until(() => this.producers.every(({ isIdle }) => isIdle), 'a producer waits for ever');
    for (const producer of this.producers) this.#client.run(() => producer.sendOne());
    await this.#until(
      () => this.producers.every(({ isIdle }) => isIdle),
      'a producer waits for ever, though all is well',
    );
    await recover();
  }

  async #until(isSo: () => boolean, otherwise: string): Promise<void> {
    if (!(await this.#world.until(isSo, END_MS))) throw new CheckFailure(otherwise);
  }

  #drawTopics(): readonly TopicSpec[] {
    const { random } = this.#client;
    const topics: TopicSpec[] = [
      { name: 'safe', partitions: between(random, 1, 2), promise: { minInsyncReplicas: 2, mayLose: false } },
    ];
    if (chance(random, 0.4))
      topics.push({ name: 'single', partitions: 1, promise: { minInsyncReplicas: 1, mayLose: false } });
    if (chance(random, 0.3))
      topics.push({ name: 'unclean', partitions: 1, promise: { minInsyncReplicas: 1, mayLose: true } });
    if (chance(random, 0.2))
      topics.push({ name: 'all', partitions: 1, promise: { minInsyncReplicas: 3, mayLose: false } });
    return topics;
  }

  #beginPartition(topic: string, partition: number, cluster: ClusterModel): void {
    const { random } = this.#client;
    const thinkMs = pick(random, [60, 300, 300, 1000]);
    const kinds: Pick<ProducerKind, 'acks' | 'isIdempotent'>[] = [{ acks: -1, isIdempotent: true }];
    if (chance(random, 0.5)) kinds.push({ acks: -1, isIdempotent: false });
    if (chance(random, 0.2)) kinds.push({ acks: -1, isIdempotent: true });
    if (chance(random, 0.2)) kinds.push({ acks: 1, isIdempotent: chance(random, 0.5) });
    const begun = kinds.map((kind, index) => {
      const name = `p${this.producers.length + index}`;
      const window = kind.isIdempotent ? pick(random, [1, 1, 5]) : 1;
      return new SimProducer({ ...kind, name, topic, partition, thinkMs, window }, this.#client, cluster);
    });
    this.producers.push(...begun);
    for (const producer of begun) this.#client.run(() => producer.run());
    const consumer = new SimConsumer(topic, partition, this.#client, cluster);
    this.#consumers.push(consumer);
    this.#client.run(() => consumer.run());
  }

  /** One topic after the other, some under the name of one before. */
  async #comeAndGo(admin: TopicAdmin): Promise<void> {
    const { random } = this.#admin;
    const promise = { minInsyncReplicas: 2, mayLose: false };
    while (!this.#admin.isStopped) {
      this.#isAdminBusy = true;
      const name = `safe-${pick(random, ['a', 'b'])}`;
      await admin.create({ name, partitions: between(random, 1, 2), promise });
      if (this.#cluster !== undefined) this.#beginPartition(name, 0, this.#cluster);
      this.#isAdminBusy = false;
      await this.#admin.sleep(between(random, 500, 8000));
      if (this.#admin.isStopped) return;
      this.#isAdminBusy = true;
      if (chance(random, 0.7)) {
        for (const producer of this.producers) if (producer.kind.topic === name) producer.end();
        await admin.delete(name);
      }
      this.#isAdminBusy = false;
    }
  }
}
