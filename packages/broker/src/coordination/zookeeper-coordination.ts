import type { BrokerEpoch, BrokerId, Random, Scheduler } from '@barnabas/model';
import {
  BrokerIdInUseError,
  type BrokerRegistration,
  brokerPath,
  type ConnectOptions,
  createBasePaths,
  isZooKeeperError,
  registerBroker,
  type StateEvent,
  whenDeleted,
  ZooKeeperClient,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import type { Logger } from '../logger.ts';
import type { Coordination } from './coordination.ts';
import { refuseSharedEndpoints } from './shared-endpoints.ts';

export type CoordinationOptions = {
  readonly zookeeper: ConnectOptions & { readonly random: Random };
  readonly scheduler: Scheduler;
  readonly logger: Logger;
};

/** What a broker writes about itself, and who is told of it. */
export type Enrolment = {
  readonly id: BrokerId;
  /** Asked for at each registration. */
  readonly registration: () => BrokerRegistration;
  /** After each registration, before the next session is looked at. */
  readonly onRegistered: (session: ZooKeeperSession, epoch: BrokerEpoch) => void | Promise<void>;
  /** The session of the last registration is over. */
  readonly onLost: (session: ZooKeeperSession) => void;
};

/**
 * Keeps a broker connected to ZooKeeper and registered there: `connect`, then `register`, then `close`, each once. After a
 * session is LOST it registers again under the next one, as a new broker epoch, for ever; the broker goes on meanwhile.
 *
 * Sessions are taken one after the other: nobody is told of the next one before the last has been dealt with.
 */
export class ZooKeeperCoordination implements Coordination {
  readonly #client: ZooKeeperClient;
  readonly #options: CoordinationOptions;
  /** Sessions of this process that are over. Their znodes are ours to remove. */
  readonly #earlierSessions: bigint[] = [];
  readonly #registered = Promise.withResolvers<void>();
  #enrolment: Enrolment | undefined;
  #session: ZooKeeperSession | undefined;
  #brokerEpoch: BrokerEpoch | undefined;
  /** The last session that was handed to us, and all work on those before it. */
  #work: Promise<void> = Promise.resolve();
  #isClosing = false;
  /** Since the last session. */
  #failedAttempts = 0;

  constructor(options: CoordinationOptions) {
    this.#options = options;
    this.#client = new ZooKeeperClient({
      ...options.zookeeper,
      onSession: (session) => this.#take(session),
      onFailedAttempt: (error) => this.#onFailedAttempt(error),
    });
    // Whoever registers hears of it; if nobody does, nobody minds.
    this.#registered.promise.catch(() => {});
  }

  get session(): ZooKeeperSession | undefined {
    return this.#session;
  }

  get brokerEpoch(): BrokerEpoch | undefined {
    return this.#brokerEpoch;
  }

  /**
   * Opens the first session and makes sure of the znodes that every cluster has, the chroot among them.
   *
   * @throws ZooKeeperError where there is no session within the connect deadline
   */
  async connect(): Promise<ZooKeeperSession> {
    const session = await this.#client.start();
    await createBasePaths(session);
    return session;
  }

  /** The latest session, registered or not; see `connect`. */
  get latestSession(): ZooKeeperSession | undefined {
    return this.#client.session;
  }

  /**
   * Registers the broker, now and under each later session. Resolves after the first time, when `onRegistered` has been
   * told. A znode of this id that another session holds is waited for, as long as that session may take to expire.
   *
   * @throws BrokerIdInUseError where it is still there then
   * @throws SharedEndpointError where another broker is registered with one of our addresses
   * @throws MalformedZnodeError, ZooKeeperError
   */
  register(enrolment: Enrolment): Promise<void> {
    this.#enrolment = enrolment;
    const session = this.#client.session;
    if (session !== undefined) this.#enqueue(session);
    return this.#registered.promise;
  }

  /**
   * Writes the registration anew where it has changed, under the same broker epoch. Resolves when it has been tried. Where
   * the broker is just being registered under the next session, what is written there may be of before the change, so that
   * it is written anew, too.
   */
  async renew(): Promise<void> {
    if (this.#isClosing) return;
    this.#work = this.#work.then(() => this.#renew()).catch((error: unknown) => this.#failed(error));
    await this.#work;
  }

  /** Ends the session, and with it the registration. Never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#client.close();
    await this.#work;
    this.#registered.reject(new Error('the broker was closed before it was registered'));
  }

  #take(session: ZooKeeperSession): Promise<void> {
    this.#failedAttempts = 0;
    session.onState((event) => this.#log(event));
    if (this.#enrolment !== undefined) this.#enqueue(session);
    return this.#work;
  }

  #enqueue(session: ZooKeeperSession): void {
    this.#work = this.#work.then(() => this.#registerIn(session)).catch((error: unknown) => this.#failed(error));
  }

  async #registerIn(session: ZooKeeperSession): Promise<void> {
    const enrolment = this.#enrolment;
    if (enrolment === undefined || session === this.#session || isLost(session)) return;
    const epoch = await this.#registerWhenFree(session, enrolment);
    this.#session = session;
    this.#brokerEpoch = epoch;
    this.#options.logger.info({ brokerId: enrolment.id, brokerEpoch: epoch }, 'registered in ZooKeeper');
    session.onState(({ state }) => {
      if (state === 'LOST') this.#over(session, enrolment);
    });
    if (isLost(session)) return this.#over(session, enrolment);
    await enrolment.onRegistered(session, epoch);
    this.#registered.resolve();
  }

  async #renew(): Promise<void> {
    const [session, enrolment] = [this.#session, this.#enrolment];
    if (enrolment === undefined || session === undefined || isLost(session)) return;
    await registerBroker(session, enrolment.id, enrolment.registration());
  }

  #over(session: ZooKeeperSession, { onLost }: Enrolment): void {
    if (this.#earlierSessions.includes(session.sessionId)) return;
    this.#earlierSessions.push(session.sessionId);
    onLost(session);
  }

  async #registerWhenFree(session: ZooKeeperSession, enrolment: Enrolment): Promise<BrokerEpoch> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await this.#tryToRegister(session, enrolment);
      } catch (error) {
        if (!(error instanceof BrokerIdInUseError)) throw error;
        // Who has served before goes on, and tries for as long as it lives.
        const isStarting = this.#brokerEpoch === undefined;
        if (error.holderSessionId === 0n || (isStarting && !isFirst)) throw error;
        const isGone = await this.#awaitHolder(session, enrolment.id, error);
        if (!isGone && isStarting) throw error;
      }
    }
  }

  async #tryToRegister(session: ZooKeeperSession, { id, registration }: Enrolment): Promise<BrokerEpoch> {
    const written = registration();
    await refuseSharedEndpoints(session, id, written.endpoints, this.#earlierSessions);
    return registerBroker(session, id, written, { ownEarlierSessions: this.#earlierSessions });
  }

  #awaitHolder(session: ZooKeeperSession, id: BrokerId, { holderSessionId, waitMs }: BrokerIdInUseError) {
    const { logger, scheduler } = this.#options;
    const holder = `0x${holderSessionId.toString(16)}`;
    logger.warn(
      { brokerId: id, holder, waitMs },
      `broker id ${id} is still registered by session ${holder}: waiting up to ${waitMs} ms for it to expire`,
    );
    return whenDeleted(session, brokerPath(id), { waitMs, scheduler });
  }

  /** A session that ended meanwhile is followed by another, and that one is registered. */
  #failed(error: unknown): void {
    if (this.#isClosing || isZooKeeperError(error, 'SESSION_EXPIRED')) return;
    if (this.#brokerEpoch === undefined) this.#registered.reject(error);
    else this.#options.logger.error({ err: error }, 'could not register in ZooKeeper again; the next session will try');
  }

  #log({ state, reason, generation }: StateEvent): void {
    const { logger } = this.#options;
    if (state === 'CONNECTED') logger.info({ generation }, 'connected to ZooKeeper again');
    else if (!this.#isClosing) logger.warn({ generation, reason }, `the session with ZooKeeper is ${state}`);
  }

  /** Said less and less often: it may go on for hours. */
  #onFailedAttempt(error: unknown): void {
    this.#failedAttempts++;
    if (Number.isInteger(Math.log2(this.#failedAttempts))) this.#warn(error, 'no new session with ZooKeeper yet');
  }

  #warn(error: unknown, message: string): void {
    this.#options.logger.warn({ reason: error instanceof Error ? error.message : String(error) }, message);
  }
}

/** A function, so that its answer is not taken for lasting. */
function isLost(session: ZooKeeperSession): boolean {
  return session.state === 'LOST';
}
