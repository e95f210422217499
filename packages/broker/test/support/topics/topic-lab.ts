import { brokerId, DEFAULT_BROKER_PROPERTIES, DEFAULT_LOG_CONFIG } from '@barnabas/model';
import { seededRandom } from '@barnabas/testkit';
import type { PeerHandler, PeerRequest, PeerResponse } from '@barnabas/transport';
import {
  ANY_VERSION,
  encodeConfig,
  encodeTopic,
  type TopicZnode,
  topicPath,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import type { Logger } from '../../../src/logger.ts';
import type { BrokerConfiguration } from '../../../src/topics/configs/broker-entries.ts';
import { type TopicApi, topicHandlers } from '../../../src/topics/handlers/topic-handlers.ts';
import { TopicConfigs } from '../../../src/topics/topic-configs.ts';
import { ask } from '../ask.ts';
import { FakeCluster } from './fake-cluster.ts';
import { TopicEnsemble } from './topic-ensemble.ts';

export type LabOptions = {
  readonly seed?: number;
  readonly brokers?: readonly number[];
  readonly broker?: Partial<BrokerConfiguration>;
};

/** The newest version of each API. */
const VERSIONS: Readonly<Record<TopicApi, number>> = {
  CreateTopics: 7,
  DeleteTopics: 6,
  CreatePartitions: 3,
  DescribeConfigs: 4,
  AlterConfigs: 2,
  IncrementalAlterConfigs: 1,
};

/** Broker 1, which is the controller, with a simulated ZooKeeper and a view of the cluster that the test changes. */
export class TopicLab {
  readonly ensemble: TopicEnsemble;
  /** The session of this broker, with nothing between it and ZooKeeper. */
  readonly session: ZooKeeperSession;
  readonly cluster: FakeCluster;
  /** What the handlers see of the session; a test may put another in its place. */
  readonly coordination: { session: ZooKeeperSession | undefined; brokerEpoch: undefined };
  readonly topicConfigs: TopicConfigs;
  readonly logged: string[] = [];
  readonly broker: BrokerConfiguration;
  isActive = true;
  readonly #handlers: ReturnType<typeof topicHandlers>;

  private constructor(ensemble: TopicEnsemble, session: ZooKeeperSession, options: LabOptions) {
    this.ensemble = ensemble;
    this.session = session;
    this.cluster = new FakeCluster(options.brokers ?? [1, 2, 3]);
    this.coordination = { session, brokerEpoch: undefined };
    this.broker = {
      properties: DEFAULT_BROKER_PROPERTIES,
      topicDefaults: DEFAULT_LOG_CONFIG,
      set: new Map(),
      ...options.broker,
    };
    const logger = loggerInto(this.logged);
    this.topicConfigs = new TopicConfigs({ topicDefaults: this.broker.topicDefaults, clock: ensemble.clock, logger });
    this.#handlers = topicHandlers({
      brokerId: brokerId(1),
      broker: this.broker,
      coordination: this.coordination,
      cluster: this.cluster,
      topicConfigs: this.topicConfigs,
      isActive: () => this.isActive,
      scheduler: ensemble.scheduler,
      random: seededRandom(options.seed ?? 1),
      logger,
    });
  }

  static async start(options: LabOptions = {}): Promise<TopicLab> {
    const ensemble = await TopicEnsemble.start(options.seed);
    return new TopicLab(ensemble, await ensemble.newSession(), options);
  }

  /** Another broker of the same cluster, with a session and a view of its own. */
  async newNeighbour(options: LabOptions = {}): Promise<TopicLab> {
    return new TopicLab(this.ensemble, await this.ensemble.newSession(), { seed: 2, ...options });
  }

  /** What becomes of a request, once it is answered. */
  begin<Api extends TopicApi>(api: Api, request: PeerRequest<Api>, version?: number): Promise<PeerResponse<Api>> {
    const handler: PeerHandler<TopicApi> | undefined = this.#handlers[api];
    return ask<Api>(api, handler as PeerHandler<Api>, version ?? VERSIONS[api], request);
  }

  ask<Api extends TopicApi>(api: Api, request: PeerRequest<Api>, version?: number): Promise<PeerResponse<Api>> {
    return this.ensemble.run(this.begin(api, request, version));
  }

  /** A topic that is there, in ZooKeeper and in the view. */
  async have(name: string, topic: TopicZnode, config: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.write(`/config/topics/${name}`, encodeConfig(new Map(Object.entries(config))));
    await this.write(topicPath(name), encodeTopic(topic));
    this.cluster.learnFrom(this.ensemble);
  }

  /** Creates a znode, or sets it where it is there. */
  async write(path: string, data: string | Uint8Array | null): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const isThere = (await this.ensemble.run(this.session.exists(path))) !== undefined;
    if (isThere) await this.ensemble.run(this.session.set(path, bytes, ANY_VERSION));
    else await this.ensemble.run(this.session.create(path, bytes));
  }

  /** From now on the view follows what is in ZooKeeper. */
  letControllerFollow(): void {
    this.ensemble.scheduler.every(10, () => this.cluster.learnFrom(this.ensemble));
  }
}

/** Lines as `error: what happened /path: why`. */
export function loggerInto(lines: string[]): Logger {
  const write = (level: string) => (fields: object, message: string) => {
    const { path, err } = fields as { path?: string; err?: unknown };
    const reason = err instanceof Error ? `: ${err.message}` : '';
    lines.push(`${level}: ${message}${path === undefined ? '' : ` ${path}`}${reason}`);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A topic whose partitions all have these replicas. */
export function topicOf(topicId: string | undefined, partitions: number, replicas: readonly number[]): TopicZnode {
  const assignment = { replicas: replicas.map(brokerId), addingReplicas: [], removingReplicas: [] };
  return { topicId, partitions: new Map(Array.from({ length: partitions }, (_, index) => [index, assignment])) };
}
