import { type BrokerEpoch, type BrokerId, brokerEpoch, brokerId, type ControllerEpoch } from '@barnabas/model';
import {
  brokerPath,
  CONTROLLER_EPOCH_PATH,
  CONTROLLER_PATH,
  decodeController,
  decodeControllerEpoch,
  decodePartitionState,
  type PartitionState,
  partitionStatePath,
  readOptional,
  ZooKeeperClient,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { clientOptions } from '../zookeeper/client-options.ts';

const TIMEOUT_MS = 10_000;

/** Says what ZooKeeper has of a cluster, whatever the brokers say. It survives the ensemble's outages; ends with `close`. */
export class Witness {
  readonly #client: ZooKeeperClient;

  private constructor(client: ZooKeeperClient) {
    this.#client = client;
  }

  /** @param connectString with the chroot */
  static async open(connectString: string): Promise<Witness> {
    const client = new ZooKeeperClient({
      ...clientOptions(connectString, TIMEOUT_MS),
      onSession: () => {},
    });
    await client.start();
    return new Witness(client);
  }

  /** Of the broker's registration; undefined where it is not registered. */
  async brokerEpoch(id: number): Promise<BrokerEpoch | undefined> {
    const stat = await this.#session.exists(brokerPath(brokerId(id)));
    return stat === undefined ? undefined : brokerEpoch(stat.czxid);
  }

  async controllerId(): Promise<BrokerId | undefined> {
    const found = await readOptional(this.#session, CONTROLLER_PATH);
    return found === undefined ? undefined : decodeController(found.data);
  }

  async controllerEpoch(): Promise<ControllerEpoch> {
    return decodeControllerEpoch((await this.#session.get(CONTROLLER_EPOCH_PATH)).data);
  }

  async partition(topic: string, partition: number): Promise<PartitionState> {
    const { data } = await this.#session.get(partitionStatePath({ topic, partition }));
    return decodePartitionState({ topic, partition }, data);
  }

  /** Of partitions 0 to `count - 1`. */
  partitions(topic: string, count: number): Promise<PartitionState[]> {
    return Promise.all(Array.from({ length: count }, (_, partition) => this.partition(topic, partition)));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  get #session(): ZooKeeperSession {
    const { session } = this.#client;
    if (session === undefined) throw new Error('the witness is not open');
    return session;
  }
}
