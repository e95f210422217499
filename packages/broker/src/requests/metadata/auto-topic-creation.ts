import { type BrokerId, errorByCode } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../../peers/requests.ts';

/** A topic as the controller is asked for it. */
export type NewTopic = PeerRequest<'CreateTopics'>['topics'][number];

export type AutoTopicCreationOptions = {
  readonly requests: Requests;
  readonly cluster: ClusterView;
  /** How long the controller may take for it. */
  readonly timeoutMs: number;
  /** What the topics are to be; left out, they are what the controller's configuration has. */
  readonly newTopic?: (name: string) => NewTopic;
  readonly log: Logger;
};

const CREATE_TOPICS_VERSION = 7;
/** Partitions and replicas as the controller's configuration has them. */
const BY_DEFAULT = -1;

const defaultTopic = (name: string): NewTopic => ({
  name,
  numPartitions: BY_DEFAULT,
  replicationFactor: BY_DEFAULT,
  assignments: [],
  configs: [],
});

/**
 * Asks the controller for topics that somebody wanted to use and that are not there (`auto.create.topics.enable`). Nobody
 * waits for it: who asked is told to ask again. A topic is asked for once at a time.
 */
export class AutoTopicCreation {
  readonly #options: AutoTopicCreationOptions;
  readonly #inFlight = new Set<string>();

  constructor(options: AutoTopicCreationOptions) {
    this.#options = options;
  }

  /** Never throws. Without a controller nothing is done. */
  create(topics: readonly string[]): void {
    const { cluster, log } = this.#options;
    const { controllerId } = cluster.image;
    const names = topics.filter((name) => !this.#inFlight.has(name));
    if (controllerId === undefined || names.length === 0) return;
    for (const name of names) this.#inFlight.add(name);
    this.#ask(controllerId, names)
      .catch((err: unknown) => log.warn({ err, topics: names }, 'topics could not be created automatically'))
      .finally(() => {
        for (const name of names) this.#inFlight.delete(name);
      });
  }

  async #ask(controller: BrokerId, names: readonly string[]): Promise<void> {
    const { requests, timeoutMs, newTopic = defaultTopic, log } = this.#options;
    const request = { topics: names.map(newTopic), timeoutMs };
    const { topics } = await requests.ask(controller, 'CreateTopics', CREATE_TOPICS_VERSION, request, {
      deadlineMs: timeoutMs,
    });
    for (const { name, errorCode, errorMessage } of topics) {
      const { name: error } = errorByCode(errorCode);
      if (error === 'NONE') log.info({ topic: name }, 'created a topic because it was asked for');
      else if (error !== 'TOPIC_ALREADY_EXISTS')
        log.warn({ topic: name, error }, `no topic was created: ${errorMessage}`);
    }
  }
}
