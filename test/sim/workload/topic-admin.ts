import { ZERO_UUID } from '@barnabas/protocol';
import { PeerError } from '@barnabas/transport';
import type { ClusterModel } from '../invariants/cluster-model.ts';
import type { TopicPromise } from '../invariants/partition-model.ts';
import { between } from '../kernel/chances.ts';
import { nameOfError, type SimClient } from './sim-client.ts';

export type TopicSpec = { readonly name: string; readonly partitions: number; readonly promise: TopicPromise };

/** Creates and deletes topics through the controller, asking until ZooKeeper shows that it is so. */
export class TopicAdmin {
  readonly #client: SimClient;
  readonly #cluster: ClusterModel;

  constructor(client: SimClient, cluster: ClusterModel) {
    this.#client = client;
    this.#cluster = cluster;
  }

  async create({ name, partitions, promise }: TopicSpec): Promise<void> {
    const configs = [
      { name: 'min.insync.replicas', value: `${promise.minInsyncReplicas}` },
      { name: 'unclean.leader.election.enable', value: `${promise.mayLose}` },
    ];
    const topic = { name, numPartitions: partitions, replicationFactor: 3, assignments: [], configs };
    await this.#until(
      () => this.#cluster.zookeeper.topics.has(name),
      async (controller) => {
        const answer = await this.#client.send(controller, 'CreateTopics', 7, { topics: [topic], timeoutMs: 1000 });
        return nameOfError(answer.topics[0]?.errorCode ?? -1);
      },
    );
  }

  async delete(name: string): Promise<void> {
    const id = this.#cluster.zookeeper.topics.get(name)?.id;
    if (id === undefined) return;
    await this.#until(
      () => this.#cluster.zookeeper.isDeleted(id),
      async (controller) => {
        const request = { topics: [{ name, topicId: ZERO_UUID }], timeoutMs: 1000 };
        const answer = await this.#client.send(controller, 'DeleteTopics', 6, request);
        return nameOfError(answer.responses[0]?.errorCode ?? -1);
      },
    );
  }

  async #until(isSo: () => boolean, ask: (controller: number) => Promise<string>): Promise<void> {
    const { random, world } = this.#client;
    while (!isSo()) {
      await this.#client.refresh([]);
      const { controller } = this.#client;
      if (controller !== undefined) {
        const error = await ask(controller).catch((failure: unknown) => {
          if (!(failure instanceof PeerError)) throw failure;
          return failure.outcome;
        });
        world.trace.note(`the admin is told ${error}`);
      }
      if (!isSo()) await this.#client.sleep(between(random, 50, 300));
    }
  }
}
