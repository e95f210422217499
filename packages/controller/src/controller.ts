import type { BrokerEpoch, ControllerEpoch } from '@barnabas/model';
import { ERRORS } from '@barnabas/model';
import type { ElectLeadersRequest } from '@barnabas/protocol';
import type { PeerHandlers } from '@barnabas/transport';
import {
  CONTROLLER_PATH,
  ControllerMovedError,
  electController,
  isZooKeeperError,
  resignController,
  untilAnswered,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import type { ControllerOptions } from './controller-options.ts';
import { type ControllerStatus, countsOf, NO_COUNTS } from './controller-status.ts';
import { type ControllerEvent, EventQueue } from './events/event-queue.ts';
import { alterPartitionError } from './handlers/alter-partition.ts';
import type { LeadersElected } from './handlers/answers.ts';
import { electLeadersRefused } from './handlers/elect-leaders.ts';
import { Term } from './term/term.ts';
import { TermEvents } from './term/term-events.ts';
import { FencedSession } from './znodes/fenced-session.ts';

type Active = {
  readonly term: Term;
  readonly fenced: FencedSession;
  readonly events: TermEvents;
  readonly epochZkVersion: number;
  readonly sinceMs: number;
};

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** For the word to ZooKeeper that we resign: what it misses, the end of the session says. */
const CLOSE_DEADLINE_MS = 2000;

/**
 * A broker's part in being the controller: it stands for election in each of its sessions, and while it is elected it runs a
 * `Term`. One for each broker process.
 *
 * Everything happens in one queue of events. What is called from outside either puts an event or takes effect at once: the
 * end of a session, of a term and of the controller itself. Losing a session drops all that was queued under it.
 *
 * An event that fails in a way that nobody foresaw ends the term: the controller resigns, waits a little, so that another
 * broker may be elected, and stands again.
 *
 * Invariant: nothing is written under a session but its own, nor after the term that it belongs to.
 */
export class Controller {
  readonly handlers: Required<Pick<PeerHandlers, 'AlterPartition' | 'ControlledShutdown'>>;
  readonly #options: ControllerOptions;
  readonly #queue = new EventQueue((event, error) => this.#failed(event, error));
  #session: ZooKeeperSession | undefined;
  #active: Active | undefined;
  #epoch: ControllerEpoch | undefined;
  /** Terms that failed in a row. */
  #failures = 0;
  #standAgainAtMs = 0;
  #isClosed = false;
  #stopListening = (): void => {};
  /** Puts the event that stands for election, unless it waits already. */
  #stand = (): void => {};

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.handlers = {
      AlterPartition: (request, { version }) =>
        this.#answer(
          'AlterPartition',
          (term) => term.alterPartition(request, version),
          alterPartitionError('NOT_CONTROLLER'),
        ),
      ControlledShutdown: (request) =>
        this.#answer('ControlledShutdown', (term) => term.shutDown(request), {
          errorCode: ERRORS.NOT_CONTROLLER.code,
          remainingPartitions: [],
        }),
    };
  }

  get isActive(): boolean {
    return this.#active !== undefined;
  }

  /** Of the last controller that this broker has heard of; undefined before its first election. */
  get epoch(): ControllerEpoch | undefined {
    return this.#epoch;
  }

  status(): ControllerStatus {
    const term = this.#active?.term;
    return {
      activeControllerCount: term === undefined ? 0 : 1,
      epoch: this.#epoch,
      eventQueueSize: this.#queue.size,
      topicsToDeleteCount: term?.topicsToDelete ?? 0,
      ...(term === undefined ? NO_COUNTS : countsOf(term.cluster)),
    };
  }

  /** Never rejects: the answer has NOT_CONTROLLER where this broker is none, or ceases to be one before. */
  electLeaders(request: ElectLeadersRequest, version: number): Promise<LeadersElected> {
    const answer = electLeadersRefused('NOT_CONTROLLER', request, version);
    return this.#answer('ElectLeaders', (term) => term.electLeaders(request), { answer, begun: [] });
  }

  /** This broker is registered in the session, under this epoch: it may stand. What it had of an earlier session is over. */
  startSession(session: ZooKeeperSession, brokerEpoch: BrokerEpoch): void {
    if (this.#isClosed) return;
    this.sessionLost();
    this.#session = session;
    this.#options.logger.debug({ generation: session.generation, brokerEpoch }, 'standing for election as controller');
    this.#stopListening = session.onState(({ state }) => {
      if (state === 'LOST' && this.#session === session) this.sessionLost();
    });
    this.#stand = this.#standFor(session);
    this.#stand();
  }

  /** The session is LOST. At once it is no controller any more, and nothing of the session is acted upon. */
  sessionLost(): void {
    this.#leave('its session is lost');
  }

  #leave(reason: string): void {
    this.#stopListening();
    this.#session = undefined;
    this.#endTerm(reason);
    this.#queue.clear();
  }

  /** Resigns where it is the controller, so that another is elected without delay. Never rejects; does not wait for long. */
  async close(): Promise<void> {
    const [session, active] = [this.#session, this.#active];
    this.#isClosed = true;
    this.#leave('this broker stops');
    if (session?.state !== 'CONNECTED' || active === undefined) return;
    const { promise: overdue, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.scheduler.after(CLOSE_DEADLINE_MS, resolve);
    const resigned = resignController(session, active.epochZkVersion).catch((error: unknown) => {
      this.#options.logger.warn({ err: error }, 'could not resign as controller; the end of the session does');
    });
    await Promise.race([resigned, overdue]);
    timer.cancel();
  }

  /** One function for all of a session: what is watched twice calls it once. */
  #standFor(session: ZooKeeperSession): () => void {
    let isWaiting = false;
    const isStale = () => this.#session !== session;
    const run = () => {
      isWaiting = false;
      return this.#elect(session);
    };
    return () => {
      if (isWaiting || isStale()) return;
      isWaiting = true;
      this.#queue.put({ name: 'controller change', isStale, run });
    };
  }

  /** Finds out who is controller, and stands where there is none. */
  async #elect(session: ZooKeeperSession): Promise<void> {
    const stat = await untilAnswered(session, () => session.exists(CONTROLLER_PATH, { watch: this.#stand }));
    if (this.#session !== session) return;
    if (this.#active !== undefined) {
      if (stat?.ephemeralOwner === session.sessionId) return;
      this.#endTerm('/controller is not ours any more');
    }
    if (this.#mustWait()) return;
    const { brokerId, clock } = this.#options;
    const election = await electController(session, brokerId, clock.nowMs());
    if (this.#session !== session) return;
    this.#epoch = election.epoch;
    if (election.type === 'won') await this.#begin(session, election.epoch, election.epochZkVersion);
    else
      this.#options.logger.debug(
        { controller: election.controller, epoch: election.epoch },
        'another broker is controller',
      );
  }

  async #begin(session: ZooKeeperSession, epoch: ControllerEpoch, epochZkVersion: number): Promise<void> {
    this.#options.logger.info({ epoch, generation: session.generation }, 'elected as controller');
    const fenced = new FencedSession(session, epoch, epochZkVersion);
    const events = new TermEvents(this.#queue, fenced);
    const term = new Term(this.#options, fenced, events, this.#stand);
    this.#active = { term, fenced, events, epochZkVersion, sinceMs: this.#options.clock.steadyMs() };
    await term.start();
  }

  /** After a term that failed: true where it is too early to stand again, which is then done later. */
  #mustWait(): boolean {
    const { clock, scheduler } = this.#options;
    const delayMs = this.#standAgainAtMs - clock.steadyMs();
    if (delayMs > 0) scheduler.after(delayMs, this.#stand);
    return delayMs > 0;
  }

  #endTerm(reason: string): void {
    if (this.#active === undefined) return;
    this.#options.logger.info({ epoch: this.#epoch, reason }, 'no longer the controller');
    this.#active.term.end();
    this.#active = undefined;
  }

  async #failed(event: ControllerEvent, error: unknown): Promise<void> {
    event.dropped?.();
    const session = this.#session;
    // What it was about has ended in the middle of it, which is what it noticed.
    if (session === undefined || event.isStale() || isZooKeeperError(error, 'SESSION_EXPIRED')) return;
    if (error instanceof ControllerMovedError) this.#endTerm('another broker has been elected');
    else await this.#resign(session, event, error);
    this.#stand();
  }

  async #resign(session: ZooKeeperSession, event: ControllerEvent, error: unknown): Promise<void> {
    const { logger, clock } = this.#options;
    const active = this.#active;
    if (active !== undefined && clock.steadyMs() - active.sinceMs > LONGEST_PAUSE_MS) this.#failures = 0;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    logger.error({ event: event.name, err: error, pauseMs }, 'the controller failed, resigns, and stands again later');
    this.#failures++;
    this.#standAgainAtMs = clock.steadyMs() + pauseMs;
    this.#endTerm('it failed');
    if (active === undefined) return;
    try {
      await resignController(session, active.epochZkVersion);
    } catch (failure) {
      logger.warn({ err: failure }, 'could not resign as controller');
    }
  }

  /** Answers a request in an event of the term; with `refusal` where there is no term, or it ends before. */
  #answer<T>(api: string, run: (term: Term) => Promise<T>, refusal: T): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    const active = this.#active;
    if (active === undefined) return Promise.resolve(refusal);
    active.events.put(
      api,
      async () => resolve(await run(active.term)),
      () => resolve(refusal),
    );
    return promise;
  }
}
