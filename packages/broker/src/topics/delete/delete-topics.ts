import { type ErrorName, KafkaError, type Scheduler } from '@barnabas/model';
import type { DeleteTopicsRequest } from '@barnabas/protocol';
import type { PeerContext, PeerHandler, PeerResponse } from '@barnabas/transport';
import type { ClusterImage, ClusterView } from '../../cluster/cluster-image.ts';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import { type Refusal, refusal, refusalOf } from '../refusal.ts';
import { requireActive } from '../require-active.ts';
import { requireSession } from '../require-session.ts';
import { whenImage } from '../when-image.ts';
import { type AskedTopic, askedTopics, resolveTopic } from './asked-topics.ts';
import { markForDeletion, type TopicToDelete } from './mark-for-deletion.ts';

export type DeleteTopicsOptions = {
  readonly coordination: Coordination;
  readonly cluster: ClusterView;
  /** Whether this broker is the controller. */
  readonly isActive: () => boolean;
  /** `delete.topic.enable` */
  readonly deleteTopicEnable: boolean;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
};

type Outcome =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'resolved'; readonly topic: TopicToDelete }
  | { readonly kind: 'marked'; readonly topic: TopicToDelete };

type DeletedTopic = PeerResponse<'DeleteTopics'>['responses'][number];

const UNAVAILABLE = 'NOT_CONTROLLER';
/** The version that brought TOPIC_DELETION_DISABLED. */
const KNOWS_DISABLED = 3;

/**
 * DeleteTopics: marks each topic for the controller, and waits until this broker has been told that they are gone. Who does
 * not wait, or not long enough, is told REQUEST_TIMED_OUT of those that are not: they go as soon as they can.
 */
export function deleteTopicsHandler(options: DeleteTopicsOptions): PeerHandler<'DeleteTopics'> {
  return async (request, context) => {
    const deletion = new Deletion(options, request, context);
    return { throttleTimeMs: 0, responses: await deletion.run() };
  };
}

/** One request on its way; its outcomes stand in the order of its topics. Lives until it is answered. */
class Deletion {
  readonly #options: DeleteTopicsOptions;
  readonly #asked: readonly AskedTopic[];
  readonly #timeoutMs: number;
  readonly #context: PeerContext;
  /** What this broker knew when the request came: a topic that bears the name later is another one. */
  readonly #before: ClusterImage;

  constructor(options: DeleteTopicsOptions, request: DeleteTopicsRequest, context: PeerContext) {
    this.#options = options;
    this.#asked = askedTopics(request);
    this.#timeoutMs = request.timeoutMs;
    this.#context = context;
    this.#before = options.cluster.image;
  }

  async run(): Promise<DeletedTopic[]> {
    const marked = await Promise.all(this.#refuseDoubles(this.#resolve()).map((outcome) => this.#mark(outcome)));
    const topics = marked.flatMap((outcome) => (outcome.kind === 'marked' ? [outcome.topic] : []));
    const { cluster, scheduler } = this.#options;
    const waiting = { timeoutMs: this.#timeoutMs, scheduler, signal: this.#context.signal };
    await whenImage(cluster, () => topics.every((topic) => this.#isGone(topic)), waiting);
    return this.#asked.flatMap((asked, index) => {
      const outcome = marked[index];
      return outcome === undefined ? [] : [this.#answer(asked, outcome)];
    });
  }

  #resolve(): Outcome[] {
    return this.#asked.map((asked) => {
      try {
        requireActive(this.#options.isActive);
        if (!this.#options.deleteTopicEnable) throw deletionDisabled(this.#context.version);
        return { kind: 'resolved', topic: resolveTopic(asked, this.#before) };
      } catch (error) {
        return this.#refused(error);
      }
    });
  }

  #refuseDoubles(outcomes: readonly Outcome[]): Outcome[] {
    const resolved = outcomes.flatMap((outcome) => (outcome.kind === 'resolved' ? [outcome.topic.name] : []));
    const sameNamed = Map.groupBy(resolved, (name) => name);
    return outcomes.map((outcome) =>
      outcome.kind === 'resolved' && sameNamed.get(outcome.topic.name)?.length !== 1
        ? { kind: 'refused', refusal: refusal('INVALID_REQUEST', 'The request names this topic more than once.') }
        : outcome,
    );
  }

  async #mark(outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'resolved') return outcome;
    const { coordination, isActive, logger } = this.#options;
    try {
      const session = requireSession(coordination, UNAVAILABLE);
      await markForDeletion(session, outcome.topic, () => requireActive(isActive));
    } catch (error) {
      return this.#refused(error);
    }
    logger.info({ topic: outcome.topic.name }, 'topic marked for deletion');
    return { kind: 'marked', topic: outcome.topic };
  }

  #isGone({ name }: TopicToDelete): boolean {
    const now = this.#options.cluster.image.topics.get(name);
    return now === undefined || now.topicId !== this.#before.topics.get(name)?.topicId;
  }

  #answer({ name, topicId }: AskedTopic, outcome: Outcome): DeletedTopic {
    if (outcome.kind === 'refused') return { name, topicId, ...outcome.refusal };
    const { topic } = outcome;
    const message = 'The topic is marked for deletion; it is not gone yet.';
    const overdue = this.#isGone(topic) ? NOTHING_WRONG : refusal('REQUEST_TIMED_OUT', message);
    return { name: topic.name, topicId, ...overdue };
  }

  #refused(error: unknown): Outcome {
    return { kind: 'refused', refusal: refusalOf(error, UNAVAILABLE, this.#options.logger) };
  }
}

const NOTHING_WRONG: Refusal = { errorCode: 0, errorMessage: null };

function deletionDisabled(version: number): KafkaError {
  const error: ErrorName = version < KNOWS_DISABLED ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED';
  return new KafkaError(error, 'This cluster does not delete topics: delete.topic.enable is false.');
}
