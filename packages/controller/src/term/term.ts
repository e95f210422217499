import { ERRORS } from '@barnabas/model';
import type { AlterPartitionRequest, ControlledShutdownRequest, ElectLeadersRequest } from '@barnabas/protocol';
import { CONFIG_CHANGES, ISR_CHANGES, NotificationFollower } from '@barnabas/zookeeper';
import { Cluster } from '../cluster/cluster.ts';
import type { ControllerOptions } from '../controller-options.ts';
import type { AlterPartitionAnswer, ControlledShutdownAnswer, LeadersElected } from '../handlers/answers.ts';
import { Announcements } from '../requests/announcements.ts';
import type { ControlAnswer } from '../requests/broker-sender.ts';
import { LogEndSurvey } from '../requests/log-end-survey.ts';
import type { SenderSurroundings } from '../requests/sender-surroundings.ts';
import { Senders } from '../requests/senders.ts';
import type { FencedSession } from '../znodes/fenced-session.ts';
import { prepareFeature } from '../znodes/prepare-feature.ts';
import { takeNotifications } from '../znodes/take-notifications.ts';
import { AskedElections } from './asked-elections.ts';
import { BrokerChanges } from './broker-changes.ts';
import { IsrProposals } from './isr-proposals.ts';
import { LogDirFailures } from './log-dir-failures.ts';
import { PartitionChanges } from './partition-changes.ts';
import { PreferredElections } from './preferred-elections.ts';
import { Rebalancing } from './rebalancing.ts';
import { Shutdowns } from './shutdowns.ts';
import type { TermEvents } from './term-events.ts';
import type { TermParts } from './term-parts.ts';
import { TopicChanges } from './topic-changes.ts';
import { TopicDeletions } from './topic-deletions.ts';

/**
 * This broker's time as the controller, from its election until it is replaced, resigns or loses its session: what it knows,
 * and what it does about each event. The next term begins with nothing and reads everything anew.
 *
 * Everything but `end` and the callbacks from outside runs as an event, one after the other. What comes from outside, of
 * watches, timers, brokers and requests, becomes one.
 */
export class Term {
  readonly #parts: TermParts;
  readonly #events: TermEvents;
  readonly #resignIfReplaced: () => void;
  readonly #brokers: BrokerChanges;
  readonly #topics: TopicChanges;
  readonly #changes: PartitionChanges;
  readonly #deletions: TopicDeletions;
  readonly #logDirs: LogDirFailures;
  readonly #proposals: IsrProposals;
  readonly #shutdowns: Shutdowns;
  readonly #elections: AskedElections;
  readonly #preferred: PreferredElections;
  readonly #rebalancing: Rebalancing;
  readonly #configChanges: NotificationFollower<unknown>;

  /** @param resignIfReplaced called when a broker has heard of a later controller */
  constructor(options: ControllerOptions, fenced: FencedSession, events: TermEvents, resignIfReplaced: () => void) {
    this.#events = events;
    this.#resignIfReplaced = resignIfReplaced;
    const parts = this.#build(options, fenced);
    this.#parts = parts;
    const changes = new PartitionChanges(parts);
    this.#changes = changes;
    this.#deletions = new TopicDeletions(
      parts,
      changes,
      events.once('topic deletion', () => this.#deletions.changed()),
    );
    this.#brokers = new BrokerChanges(
      parts,
      changes,
      this.#deletions,
      events.once('broker change', () => this.#brokers.changed()),
    );
    this.#topics = new TopicChanges(parts, changes, this.#deletions, {
      listDirty: events.once('topic change', () => this.#topics.changed()),
      topicDirty: events.once('partition modifications', () => this.#topics.modified()),
    });
    this.#logDirs = new LogDirFailures(
      parts,
      changes,
      events.once('log dir event', () => this.#logDirs.changed()),
    );
    this.#proposals = new IsrProposals(parts, changes);
    this.#shutdowns = new Shutdowns(parts, changes, () => this.#brokers.changed());
    this.#elections = new AskedElections(parts, changes);
    this.#preferred = new PreferredElections(
      parts,
      this.#elections,
      events.once('preferred replica election', () => this.#preferred.changed()),
    );
    this.#rebalancing = new Rebalancing(options, () =>
      events.put('leader rebalance', () => this.#elections.rebalance()),
    );
    this.#configChanges = this.#followConfigChanges();
  }

  /** What it knows; for gauges. */
  get cluster(): Cluster {
    return this.#parts.cluster;
  }

  get topicsToDelete(): number {
    return this.#deletions.size;
  }

  /**
   * The first event of the term, in Kafka's order: watches are armed by the reads, brokers hear of each other before they
   * hear of partitions, and all partitions get the state that they should have.
   */
  async start(): Promise<void> {
    const { fenced, cluster, announcements, options } = this.#parts;
    const startMs = options.clock.steadyMs();
    await prepareFeature(fenced);
    await (await takeNotifications(fenced, ISR_CHANGES, options.logger)).done();
    await this.#logDirs.begin();
    await this.#brokers.load();
    announcements.brokers(this.#brokers.unmarked());
    announcements.flush();
    const returned = await this.#topics.load();
    const loadedMs = options.clock.steadyMs();
    this.#brokers.markAll();
    await this.#deletions.load();
    const partitions = [...cluster.lastingPartitions()];
    const back = partitions.filter((partition) => returned.has(partition));
    await this.#changes.settle(back, { absentOf: (p) => returned.get(p) ?? new Set(), isCleanOnly: () => true });
    await this.#changes.settle(partitions);
    for (const partition of partitions) announcements.leaderAndIsr(partition.assignment.replicas, partition);
    for (const broker of cluster.brokers.keys()) announcements.everyReplica(broker);
    announcements.brokers();
    announcements.flush();
    const [loadMs, settleMs] = [loadedMs - startMs, options.clock.steadyMs() - loadedMs].map(Math.round);
    options.logger.info({ epoch: fenced.epoch, partitions: partitions.length, loadMs, settleMs }, 'controller ready');
    await this.#deletions.resume();
    await this.#preferred.changed();
    this.#rebalancing.start();
    void this.#configChanges.start();
  }

  /** At once and for good: nothing more is written, sent or answered. */
  end(): void {
    const { fenced, senders, survey } = this.#parts;
    fenced.end();
    senders.stopAll();
    survey.stop();
    this.#rebalancing.stop();
    this.#configChanges.close();
  }

  alterPartition(request: AlterPartitionRequest, version: number): Promise<AlterPartitionAnswer> {
    return this.#proposals.decide(request, version);
  }

  shutDown(request: ControlledShutdownRequest): Promise<ControlledShutdownAnswer> {
    return this.#shutdowns.shutDown(request);
  }

  electLeaders(request: ElectLeadersRequest): Promise<LeadersElected> {
    return this.#elections.elect(request);
  }

  #build(options: ControllerOptions, fenced: FencedSession): TermParts {
    const { brokerId, scheduler, logger, config, peerListener } = options;
    const surroundings: SenderSurroundings = {
      controllerId: brokerId,
      controllerEpoch: fenced.epoch,
      scheduler,
      logger,
      requestTimeoutMs: config.requestTimeoutMs,
    };
    const cluster = new Cluster();
    const senders = new Senders(options, surroundings, (answer) => this.#answered(answer));
    const announcements = new Announcements(cluster, senders, { controllerEpoch: fenced.epoch, peerListener });
    const settleCompleted = this.#events.once('log ends known', () => this.#settleCompleted());
    const survey = new LogEndSurvey(cluster, senders, surroundings, settleCompleted);
    return { options, fenced, cluster, senders, announcements, survey };
  }

  async #settleCompleted(): Promise<void> {
    await this.#changes.settle(this.#parts.survey.completed());
    this.#parts.announcements.flush();
  }

  /** Unclean elections may have been allowed. Only partitions that have no leader are of interest. */
  #followConfigChanges(): NotificationFollower<unknown> {
    const { fenced, options } = this.#parts;
    return new NotificationFollower(fenced.session, {
      kind: CONFIG_CHANGES,
      clock: options.clock,
      report: (path, err) => options.logger.warn({ path, err }, 'a change of configuration cannot be followed'),
      handle: (entity) => {
        if (entity.type !== 'topic') return;
        this.#events.put('topic config change', () => this.#topicConfigChanged(entity.topic));
      },
    });
  }

  async #topicConfigChanged(name: string): Promise<void> {
    const { cluster, announcements } = this.#parts;
    const topic = cluster.topics.get(name);
    if (topic === undefined || topic.isDeleting) return;
    await this.#changes.settle([...topic.partitions.values()].filter(({ state }) => state !== 'Online'));
    announcements.flush();
  }

  #answered(answer: ControlAnswer): void {
    const { errorCode } = answer.response;
    if (errorCode !== ERRORS.NONE.code) {
      const { broker, brokerEpoch, api } = answer;
      this.#parts.options.logger.warn({ broker, brokerEpoch, api, errorCode }, 'a broker refused a request');
    }
    if (errorCode === ERRORS.STALE_CONTROLLER_EPOCH.code) this.#resignIfReplaced();
    if (answer.api === 'StopReplica' && isAboutDeletion(answer)) {
      this.#events.put('replicas stopped', () => this.#deletions.answered(answer));
    }
    if (answer.api === 'LeaderAndIsr' && this.#logDirs.concerns(answer)) {
      this.#events.put('replicas failed', () => this.#logDirs.answered(answer));
    }
  }
}

function isAboutDeletion({ request }: Extract<ControlAnswer, { readonly api: 'StopReplica' }>): boolean {
  return (request.topicStates ?? []).some(({ partitionStates }) =>
    partitionStates.some((state) => state.deletePartition),
  );
}
