import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ANY_VERSION, createPaths } from '@barnabas/zookeeper';
import type { Ensemble } from '../../support/zookeeper/ensemble.ts';
import { openSession } from '../../support/zookeeper/open-session.ts';
import { realZooKeeper } from '../../support/zookeeper/real-zookeeper.ts';
import { SMALL } from './contents/content.ts';
import { KafkaBroker } from './kafka-broker.ts';
import { BROKER_ID, CLUSTER_ID, TOPICS } from './ours.ts';

/** The epoch in which the broker leads every partition: above all those in our logs. */
export const KAFKA_EPOCH = 12;

const CHROOT = '/kafka';

/** A znode that is to be made, with its data as JSON. */
type Znode = { readonly path: string; readonly data: object };

/** ZooKeeper and at most one broker at a time, on a log directory of ours. Ends with `stop`. */
export class KafkaCluster {
  readonly #classPath: string;
  readonly #dir: string;
  readonly #zookeeper: Ensemble;
  #broker: KafkaBroker | undefined;

  private constructor(classPath: string, dir: string, zookeeper: Ensemble) {
    this.#classPath = classPath;
    this.#dir = dir;
    this.#zookeeper = zookeeper;
  }

  /** Starts ZooKeeper with what it has to know. @param dir for configuration; made if missing */
  static async start(classPath: string, dir: string): Promise<KafkaCluster> {
    mkdirSync(dir, { recursive: true });
    const zookeeper = await realZooKeeper({ servers: 1, tickTimeMs: 1000 });
    const cluster = new KafkaCluster(classPath, dir, zookeeper);
    try {
      await create(znodes(), `${zookeeper.connectString}${CHROOT}`);
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
      zookeeper: `${this.#zookeeper.connectString}${CHROOT}`,
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

/** Makes the znodes, and above them those that are missing. */
const create = async (all: readonly Znode[], connectString: string): Promise<void> => {
  const session = await openSession(connectString);
  for (const { path, data } of all) {
    await createPaths(session, [path]);
    await session.set(path, Buffer.from(JSON.stringify(data)), ANY_VERSION);
  }
  await session.close();
};

/**
 * What ZooKeeper has to know so that a broker opens a directory of ours as that of a cluster which has been there for
 * long: the cluster's id, the topics with their ids, and for each partition the broker as its leader.
 */
const znodes = (): Znode[] => [
  { path: '/cluster/id', data: { version: '1', id: CLUSTER_ID } },
  ...TOPICS.flatMap(({ name, id, contents }): Znode[] => {
    const replicas = Object.fromEntries(Array.from(contents.keys(), (partition) => [partition, [BROKER_ID]]));
    const assignment = { version: 3, topic_id: id, partitions: replicas, adding_replicas: {}, removing_replicas: {} };
    const state = { controller_epoch: 1, leader: BROKER_ID, version: 1, leader_epoch: KAFKA_EPOCH, isr: [BROKER_ID] };
    return [
      { path: `/brokers/topics/${name}`, data: assignment },
      { path: `/config/topics/${name}`, data: { version: 1, config: TOPIC_CONFIG } },
      ...Array.from(contents.keys(), (partition) => ({
        path: `/brokers/topics/${name}/partitions/${partition}/state`,
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
