import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SMALL } from './contents/content.ts';
import { KafkaBroker } from './kafka-broker.ts';
import { BROKER_ID, CLUSTER_ID, TOPICS } from './ours.ts';
import { type Znode, ZooKeeper } from './zookeeper.ts';

/** The epoch in which the broker leads every partition: above all those in our logs. */
export const KAFKA_EPOCH = 12;

const CHROOT = '/kafka';

/** ZooKeeper and at most one broker at a time, on a log directory of ours. Ends with `stop`. */
export class KafkaCluster {
  readonly #classPath: string;
  readonly #dir: string;
  readonly #zookeeper: ZooKeeper;
  #broker: KafkaBroker | undefined;

  private constructor(classPath: string, dir: string, zookeeper: ZooKeeper) {
    this.#classPath = classPath;
    this.#dir = dir;
    this.#zookeeper = zookeeper;
  }

  /** Starts ZooKeeper with what it has to know. @param dir for configuration; made if missing */
  static async start(classPath: string, dir: string): Promise<KafkaCluster> {
    mkdirSync(dir, { recursive: true });
    const zookeeper = await ZooKeeper.start(classPath);
    const cluster = new KafkaCluster(classPath, dir, zookeeper);
    try {
      await zookeeper.create(znodesOf(CHROOT));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** The one before must have been stopped in order: one that was killed stays registered for some time. */
  async startBroker(logDir: string): Promise<KafkaBroker> {
    this.#broker = await KafkaBroker.start({
      classPath: this.#classPath,
      zookeeper: `${this.#zookeeper.address}${CHROOT}`,
      brokerId: BROKER_ID,
      logDir,
      propertiesFile: join(this.#dir, 'server.properties'),
    });
    return this.#broker;
  }

  /** Ends the broker, if it still runs, and ZooKeeper. */
  async stop(): Promise<void> {
    try {
      await this.#broker?.kill();
    } finally {
      await this.#zookeeper.stop();
    }
  }
}

/**
 * What ZooKeeper has to know so that a broker opens a directory of ours as that of a cluster which has been there for
 * long: the cluster's id, the topics with their ids, and for each partition the broker as its leader.
 */
const znodesOf = (chroot: string): Znode[] => [
  { path: `${chroot}/cluster/id`, data: { version: '1', id: CLUSTER_ID } },
  ...TOPICS.flatMap(({ name, id, contents }): Znode[] => {
    const replicas = Object.fromEntries(Array.from(contents.keys(), (partition) => [partition, [BROKER_ID]]));
    const assignment = { version: 3, topic_id: id, partitions: replicas, adding_replicas: {}, removing_replicas: {} };
    const state = { controller_epoch: 1, leader: BROKER_ID, version: 1, leader_epoch: KAFKA_EPOCH, isr: [BROKER_ID] };
    return [
      { path: `${chroot}/brokers/topics/${name}`, data: assignment },
      { path: `${chroot}/config/topics/${name}`, data: { version: 1, config: TOPIC_CONFIG } },
      ...Array.from(contents.keys(), (partition) => ({
        path: `${chroot}/brokers/topics/${name}/partitions/${partition}/state`,
        data: state,
      })),
    ];
  }),
];

const TOPIC_CONFIG = {
  'segment.bytes': String(SMALL.segmentBytes),
  'index.interval.bytes': String(SMALL.indexIntervalBytes),
  'segment.index.bytes': String(SMALL.segmentIndexBytes),
};
