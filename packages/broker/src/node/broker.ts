import type { BrokerEpoch, BrokerId } from '@barnabas/model';
import { type LogDirFailedError, LogManager } from '@barnabas/storage';
import { LOG_DIR_EVENTS, writeNotification, type ZooKeeperSession } from '@barnabas/zookeeper';
import type { BrokerConfig } from '../config/broker-config.ts';
import { identify } from '../coordination/broker-identity.ts';
import { ZooKeeperCoordination } from '../coordination/zookeeper-coordination.ts';
import type { BrokerState } from '../metrics/broker-gauges.ts';
import { TopicConfigs } from '../topics/topic-configs.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { buildParts } from './broker-parts.ts';
import { shutDownControlled } from './controlled-shutdown.ts';
import { type Address, Doors } from './doors.ts';
import { dispelDoubt, raiseDoubt } from './doubt-file.ts';
import { Gate } from './gate.ts';
import { type HealthReport, healthOf, type Phase } from './health.ts';
import { coordinationOptions, logManagerOptions } from './options-of.ts';
import type { BrokerParts } from './parts.ts';
import { registrationOf } from './registration.ts';
import { mayLackAcknowledged, UncleanMark } from './unclean-mark.ts';

/**
 * A broker, from its first word to ZooKeeper to its last. Owns all its parts; made by `start`, ends with `close`.
 *
 * The order of the start is Kafka's: session, identity, topic configurations, logs, ports (open, but nothing is answered yet),
 * registration, controller. What was begun before a step fails is closed again, in the other direction.
 */
export class Broker {
  readonly #config: BrokerConfig;
  readonly #environment: BrokerEnvironment;
  readonly #coordination: ZooKeeperCoordination;
  readonly #topicConfigs: TopicConfigs;
  readonly #gate = new Gate();
  readonly #failed = Promise.withResolvers<Error>();
  readonly #known = Promise.withResolvers<void>();
  #phase: Phase = 'starting';
  #identity: { readonly brokerId: BrokerId; readonly clusterId: string } | undefined;
  #logs: LogManager | undefined;
  #parts: BrokerParts | undefined;
  #doors: Doors | undefined;
  #mark: UncleanMark | undefined;
  #closed: Promise<void> | undefined;

  private constructor(config: BrokerConfig, environment: BrokerEnvironment) {
    this.#config = config;
    this.#environment = environment;
    this.#coordination = new ZooKeeperCoordination(coordinationOptions(config, environment));
    const { clock, logger } = environment;
    this.#topicConfigs = new TopicConfigs({ topicDefaults: config.topicDefaults, clock, logger });
    this.#known.promise.catch(() => {});
  }

  /**
   * Resolves when the broker is registered and has been told of its cluster. `signal` calls it off.
   *
   * Rejects with what keeps it from starting, after all that was begun is closed: see `asStartError`.
   */
  static async start(config: BrokerConfig, environment: BrokerEnvironment, signal?: AbortSignal): Promise<Broker> {
    const broker = new Broker(config, environment);
    const callOff = () => broker.#callOff();
    signal?.addEventListener('abort', callOff);
    try {
      signal?.throwIfAborted();
      await broker.#start();
      signal?.throwIfAborted();
      return broker;
    } catch (error) {
      await broker.#closeParts().catch((err: unknown) => {
        environment.logger.warn({ err }, 'what had been started could not be closed cleanly');
      });
      throw error;
    } finally {
      signal?.removeEventListener('abort', callOff);
    }
  }

  get brokerId(): BrokerId {
    return this.#started(this.#identity).brokerId;
  }

  get clusterId(): string {
    return this.#started(this.#identity).clusterId;
  }

  /** Of the last registration. */
  get brokerEpoch(): BrokerEpoch | undefined {
    return this.#coordination.brokerEpoch;
  }

  /** Where it listens, by the name of the listener. */
  get listeners(): ReadonlyMap<string, Address> {
    return this.#started(this.#doors).addresses;
  }

  /** Resolves when it can serve nothing any more; it is still to be closed. */
  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  get isController(): boolean {
    return this.#started(this.#parts).controller.isActive;
  }

  get parts(): BrokerParts {
    return this.#started(this.#parts);
  }

  health(): HealthReport {
    const { cache, replicas } = this.#started(this.#parts);
    return healthOf({ brokerId: this.brokerId, phase: this.#phase, image: cache.image, replicas: replicas.status() });
  }

  state(): BrokerState {
    const { cache, replicas, groups, controller } = this.#started(this.#parts);
    return {
      controller: controller.status(),
      image: cache.image,
      replicas: replicas.status(),
      groups: groups.list()?.groups ?? [],
      sessionState: this.#coordination.session?.state ?? 'NONE',
      offlineLogDirs: this.#logs?.failures.length ?? 0,
    };
  }

  /** Hands over what it leads, then stops everything, and leaves the logs cleanly closed. Rejects where those cannot be. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #start(): Promise<void> {
    const { fs, random, logger } = this.#environment;
    const { properties, topicDefaults } = this.#config;
    const { logDirs, brokerId: configuredId, reservedBrokerMaxId: reservedMaxId } = properties;
    const session = await this.#coordination.connect();
    const identity = await identify({ session, fs, random, logDirs, configuredId, reservedMaxId });
    this.#identity = identity;
    logger.info({ brokerId: identity.brokerId, clusterId: identity.clusterId }, 'starting');
    await this.#topicConfigs.load(session);
    const wasInDoubt = await raiseDoubt(fs, identity.ownDirs);
    const logs = await LogManager.open(
      logManagerOptions(this.#config, this.#environment, identity, {
        configOf: ({ topic }) => this.#topicConfigs.configOf(topic) ?? topicDefaults,
        onDirFailure: (error) => this.#onDirFailure(error),
      }),
    );
    this.#logs = logs;
    const isUnclean = wasInDoubt || mayLackAcknowledged(logs, properties.logFlush, identity.newDirs);
    this.#mark = new UncleanMark(identity.brokerId, isUnclean);
    if (!isUnclean) await this.#dispelDoubt();
    this.#parts = await buildParts({
      ...identity,
      config: this.#config,
      environment: this.#environment,
      coordination: this.#coordination,
      topicConfigs: this.#topicConfigs,
      logs,
      onLogDirEvent: () => this.#tellOfLogDirs(),
    });
    this.#parts.cache.onChange(() => this.#onCluster());
    this.#doors = new Doors();
    await this.#doors.open(this.#config.listeners, this.#environment, {
      ...identity,
      handlers: this.#gate.before(this.#parts.handlers),
      cluster: this.#parts.cache,
      requests: this.#parts.requests,
      health: () => this.health(),
      state: () => this.state(),
    });
    await this.#register(identity.brokerId);
    await this.#known.promise;
    this.#phase = 'running';
  }

  async #register(id: BrokerId): Promise<void> {
    const { clock } = this.#environment;
    const { listeners, properties } = this.#config;
    const { ports } = this.#started(this.#doors);
    await this.#coordination.register({
      id,
      registration: () =>
        registrationOf(listeners, ports, {
          rack: properties.brokerRack,
          timestampMs: clock.nowMs(),
          unclean: this.#mark?.isSet ?? false,
        }),
      onRegistered: (session, epoch) => this.#onRegistered(session, epoch),
      onLost: () => this.#parts?.controller.sessionLost(),
    });
  }

  /** The controller stands for election only under a registration: it would not find itself among the brokers. */
  async #onRegistered(session: ZooKeeperSession, epoch: BrokerEpoch): Promise<void> {
    await this.#started(this.#logs).claim();
    this.#gate.open();
    if (this.#closed !== undefined) return;
    this.#started(this.#parts).controller.startSession(session, epoch);
    await this.#topicConfigs.follow(session);
  }

  #onCluster(): void {
    const { image } = this.#started(this.#parts).cache;
    if (!image.brokers.has(this.brokerId)) return;
    this.#known.resolve();
    if (this.#mark?.liftIfDealtWith(image)) this.#lift().catch(this.#environment.onUncaught);
  }

  async #lift(): Promise<void> {
    // Where there are no replicas, as at the very first start, there was nothing to be dealt with.
    const level = this.#hasReplicas() ? 'info' : 'debug';
    this.#environment.logger[level]({}, 'the controller has dealt with the unclean start');
    await this.#dispelDoubt();
    await this.#coordination.renew();
  }

  #hasReplicas(): boolean {
    const topics = [...this.#started(this.#parts).cache.image.topics.values()];
    return topics.some(({ partitions }) =>
      partitions.values().some(({ replicas }) => replicas.includes(this.brokerId)),
    );
  }

  async #dispelDoubt(): Promise<void> {
    const online = this.#started(this.#logs).dirs.filter(({ failure }) => failure === undefined);
    const paths = online.map(({ path }) => path);
    await dispelDoubt(this.#environment.fs, paths).catch((error: unknown) => {
      this.#environment.logger.warn({ err: error }, 'the next start will count as an unclean one');
    });
  }

  #onDirFailure(error: LogDirFailedError): void {
    if (this.#parts === undefined) this.#environment.logger.error({ dir: error.dir }, error.message);
    else this.#parts.replicas.onDirFailure(error);
    const isAnyLeft = this.#logs === undefined || this.#logs.dirs.some(({ failure }) => failure === undefined);
    if (isAnyLeft) return;
    this.#phase = 'failed';
    this.#failed.resolve(error);
  }

  /** The controller then asks how the replicas are. Without a session it will find out when there is one again. */
  #tellOfLogDirs(): void {
    const { session } = this.#coordination;
    if (session === undefined || session.state === 'LOST') return;
    writeNotification(session, LOG_DIR_EVENTS, this.brokerId).catch((error: unknown) => {
      this.#environment.logger.warn({ err: error }, 'the controller could not be told of a failed log directory');
    });
  }

  /** Has whatever the start waits for fail. */
  #callOff(): void {
    this.#known.reject(new Error('the start was called off'));
    void this.#coordination.close();
  }

  async #close(): Promise<void> {
    const { logger } = this.#environment;
    const hasFailed = this.#phase === 'failed';
    if (!hasFailed) this.#phase = 'stopping';
    if (this.#config.properties.controlledShutdownEnable && !hasFailed) {
      const isDone = await this.#handOver();
      if (!isDone) logger.warn({}, 'stopping without having handed over all that is led here');
    }
    await this.#closeParts();
  }

  #handOver(): Promise<boolean> {
    const { scheduler, logger } = this.#environment;
    const { properties } = this.#config;
    const { cache, requests } = this.#started(this.#parts);
    return shutDownControlled({
      brokerId: this.brokerId,
      brokerEpoch: () => this.#coordination.brokerEpoch,
      cluster: cache,
      requests,
      scheduler,
      logger,
      attempts: properties.controlledShutdownMaxRetries,
      backoffMs: properties.controlledShutdownRetryBackoffMs,
      requestTimeoutMs: properties.controllerSocketTimeoutMs,
    });
  }

  /** In the order in which nothing is missed by what is closed later; what was never begun is passed over. */
  async #closeParts(): Promise<void> {
    this.#gate.open();
    // Members that wait for one another would keep a door open.
    this.#parts?.groups.close();
    await this.#doors?.close();
    await this.#parts?.fetchers.close();
    this.#parts?.sessions.close();
    await this.#parts?.replicas.close();
    await this.#parts?.controller.close();
    await this.#parts?.peers.close();
    this.#topicConfigs.close();
    try {
      await this.#logs?.close();
    } finally {
      await this.#coordination.close();
    }
  }

  #started<T>(part: T | undefined): T {
    if (part === undefined) throw new Error('the broker has not come that far in its start');
    return part;
  }
}
