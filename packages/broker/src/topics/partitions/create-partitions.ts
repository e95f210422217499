import { KafkaError, type Scheduler } from '@barnabas/model';
import type { CreatePartitionsRequest } from '@barnabas/protocol';
import type { PeerContext, PeerHandler, PeerResponse } from '@barnabas/transport';
import type { TopicZnode } from '@barnabas/zookeeper';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import { hasLeaders } from '../has-leaders.ts';
import { type Refusal, refusal, refusalOf } from '../refusal.ts';
import { requireActive } from '../require-active.ts';
import { requireSession } from '../require-session.ts';
import { PartitionBudget } from '../topic-limits.ts';
import { requireTopicName } from '../topic-name.ts';
import { whenImage } from '../when-image.ts';
import { type AskedPartitions, planPartitions } from './plan-partitions.ts';
import { readTopicToExtend, writePartitions } from './write-partitions.ts';

export type CreatePartitionsOptions = {
  readonly coordination: Coordination;
  readonly cluster: ClusterView;
  /** Whether this broker is the controller. */
  readonly isActive: () => boolean;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
};

type Outcome =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'planned' }
  | { readonly kind: 'written'; readonly name: string; readonly topic: TopicZnode };

type Result = PeerResponse<'CreatePartitions'>['results'][number];

const UNAVAILABLE = 'NOT_CONTROLLER';

/**
 * CreatePartitions: adds partitions to topics, and waits until this broker has been told of a leader for each. Who does not
 * wait, or not long enough, is told REQUEST_TIMED_OUT of what was added.
 */
export function createPartitionsHandler(options: CreatePartitionsOptions): PeerHandler<'CreatePartitions'> {
  return async (request, context) => {
    const extension = new Extension(options, request, context);
    return { throttleTimeMs: 0, results: await extension.run() };
  };
}

/** One request on its way; its outcomes stand in the order of its topics. Lives until it is answered. */
class Extension {
  readonly #options: CreatePartitionsOptions;
  readonly #request: CreatePartitionsRequest;
  readonly #signal: AbortSignal;
  readonly #budget = new PartitionBudget();

  constructor(options: CreatePartitionsOptions, request: CreatePartitionsRequest, { signal }: PeerContext) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
  }

  async run(): Promise<Result[]> {
    const { topics, timeoutMs } = this.#request;
    const sameNamed = Map.groupBy(topics, ({ name }) => name);
    const outcomes = await Promise.all(
      topics.map((asked) => this.#extend(asked, sameNamed.get(asked.name)?.length === 1)),
    );
    const { cluster, scheduler } = this.#options;
    const waiting = { timeoutMs, scheduler, signal: this.#signal };
    await whenImage(cluster, () => outcomes.every((outcome) => this.#isLed(outcome)), waiting);
    return topics.flatMap(({ name }, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ name, ...this.#answer(outcome) }];
    });
  }

  async #extend(asked: AskedPartitions, isNamedOnce: boolean): Promise<Outcome> {
    const { coordination, isActive, cluster, logger } = this.#options;
    const plan = (topic: TopicZnode): TopicZnode => planPartitions(asked, topic, cluster.image, this.#budget);
    try {
      requireActive(isActive);
      if (!isNamedOnce) throw new KafkaError('INVALID_REQUEST', 'The request names this topic more than once.');
      requireTopicName(asked.name);
      const session = requireSession(coordination, UNAVAILABLE);
      if (this.#request.validateOnly) {
        plan(await readTopicToExtend(session, asked.name));
        return { kind: 'planned' };
      }
      const topic = await writePartitions(session, asked.name, plan, () => requireActive(isActive));
      logger.info({ topic: asked.name, partitions: topic.partitions.size }, 'partitions added');
      return { kind: 'written', name: asked.name, topic };
    } catch (error) {
      return { kind: 'refused', refusal: refusalOf(error, UNAVAILABLE, logger) };
    }
  }

  #isLed(outcome: Outcome): boolean {
    if (outcome.kind !== 'written') return true;
    const { topicId, partitions } = outcome.topic;
    return hasLeaders(this.#options.cluster.image, outcome.name, topicId, partitions.size);
  }

  #answer(outcome: Outcome): Refusal {
    if (outcome.kind === 'refused') return outcome.refusal;
    if (this.#isLed(outcome)) return { errorCode: 0, errorMessage: null };
    return refusal('REQUEST_TIMED_OUT', 'The partitions are added; not all of them have a leader yet.');
  }
}
