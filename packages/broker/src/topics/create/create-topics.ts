import { KafkaError, type Random, type Scheduler } from '@barnabas/model';
import type { CreateTopicsRequest } from '@barnabas/protocol';
import type { PeerContext, PeerHandler } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import { hasLeaders } from '../has-leaders.ts';
import { refusalOf } from '../refusal.ts';
import { requireActive } from '../require-active.ts';
import { requireSession } from '../require-session.ts';
import { PartitionBudget } from '../topic-limits.ts';
import { whenImage } from '../when-image.ts';
import { Admission, readExistingTopics } from './existing-topics.ts';
import { answerOf, type CreatedTopic, type Outcome } from './outcome.ts';
import { type NewTopicDefaults, planTopic } from './plan-topic.ts';
import { writeTopic } from './write-topic.ts';

export type CreateTopicsOptions = {
  readonly coordination: Coordination;
  readonly cluster: ClusterView;
  /** Whether this broker is the controller. */
  readonly isActive: () => boolean;
  readonly defaults: NewTopicDefaults;
  /** What is set for this broker, by Kafka's names. */
  readonly brokerSet: ReadonlyMap<string, string>;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
};

/** The error for having no session: it has ended whatever this broker was the controller of, as in Kafka. */
const UNAVAILABLE = 'NOT_CONTROLLER';

/**
 * CreateTopics: decides for each topic by itself, creates those that can be, and waits until this broker has been told of a
 * leader for each of their partitions. Who does not wait, or not long enough, is told REQUEST_TIMED_OUT of what was created:
 * Kafka's rule.
 */
export function createTopicsHandler(options: CreateTopicsOptions): PeerHandler<'CreateTopics'> {
  return async (request, context) => {
    const creation = new Creation(options, request, context);
    return { throttleTimeMs: 0, topics: await creation.run() };
  };
}

/** One request on its way; its outcomes stand in the order of its topics. Lives until it is answered. */
class Creation {
  readonly #options: CreateTopicsOptions;
  readonly #request: CreateTopicsRequest;
  readonly #signal: AbortSignal;

  constructor(options: CreateTopicsOptions, request: CreateTopicsRequest, { signal }: PeerContext) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
  }

  async run(): Promise<CreatedTopic[]> {
    const { defaults, brokerSet } = this.#options;
    const admitted = await this.#admit(this.#plan());
    const outcomes = this.#request.validateOnly ? admitted : await this.#create(admitted);
    const shown = { topicDefaults: defaults.topicDefaults, brokerSet };
    return this.#request.topics.flatMap(({ name }, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [answerOf(name, outcome, shown)];
    });
  }

  #plan(): Outcome[] {
    const { cluster, defaults, random, isActive } = this.#options;
    const surroundings = { image: cluster.image, defaults, random, budget: new PartitionBudget() };
    const sameNamed = Map.groupBy(this.#request.topics, ({ name }) => name);
    return this.#request.topics.map((asked) =>
      this.#decide(() => {
        requireActive(isActive);
        if (sameNamed.get(asked.name)?.length !== 1) {
          throw new KafkaError(
            'INVALID_REQUEST',
            'The request names this topic more than once; nothing was created of it.',
          );
        }
        return { kind: 'planned', topic: planTopic(asked, surroundings) };
      }),
    );
  }

  /** Refuses those that something in ZooKeeper is in the way of. */
  async #admit(outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
    const planned = outcomes.flatMap((outcome) => (outcome.kind === 'planned' ? [outcome.topic.name] : []));
    if (planned.length === 0) return outcomes;
    try {
      const session = requireSession(this.#options.coordination, UNAVAILABLE);
      const admission = new Admission(await readExistingTopics(session, planned));
      return outcomes.map((outcome) =>
        this.#decide(() => {
          if (outcome.kind === 'planned') admission.admit(outcome.topic.name);
          return outcome;
        }),
      );
    } catch (error) {
      const refused = this.#refused(error);
      return outcomes.map((outcome) => (outcome.kind === 'planned' ? refused : outcome));
    }
  }

  async #create(admitted: readonly Outcome[]): Promise<readonly Outcome[]> {
    const written = await Promise.all(admitted.map((outcome) => this.#write(outcome)));
    const topics = written.flatMap((outcome) => (outcome.kind === 'created' ? [outcome.topic] : []));
    const { cluster, scheduler } = this.#options;
    const isLed = ({ name, znode }: (typeof topics)[number]): boolean =>
      hasLeaders(cluster.image, name, znode.topicId, znode.partitions.size);
    const waiting = { timeoutMs: this.#request.timeoutMs, scheduler, signal: this.#signal };
    await whenImage(cluster, () => topics.every(isLed), waiting);
    return written.map((outcome) =>
      outcome.kind === 'created' ? { ...outcome, hasLeaders: isLed(outcome.topic) } : outcome,
    );
  }

  async #write(outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'planned') return outcome;
    const { topic } = outcome;
    const { coordination, isActive, logger } = this.#options;
    try {
      const session = requireSession(coordination, UNAVAILABLE);
      await writeTopic(session, topic, () => requireActive(isActive));
    } catch (error) {
      return this.#refused(error);
    }
    const { topicId, partitions } = topic.znode;
    logger.info({ topic: topic.name, topicId, partitions: partitions.size }, 'topic created');
    return { kind: 'created', topic, hasLeaders: false };
  }

  #decide(decision: () => Outcome): Outcome {
    try {
      return decision();
    } catch (error) {
      return this.#refused(error);
    }
  }

  #refused(error: unknown): Outcome {
    return { kind: 'refused', refusal: refusalOf(error, UNAVAILABLE, this.#options.logger) };
  }
}
