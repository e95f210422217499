import { decodeTopic, readOptional, topicPath } from '@barnabas/zookeeper';
import type { ClusterView } from '../cluster/cluster-image.ts';
import { OFFSETS_TOPIC } from '../cluster/internal-topics.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Logger } from '../logger.ts';

export type OffsetsTopicSizeOptions = {
  readonly cluster: ClusterView;
  readonly coordination: Pick<Coordination, 'session'>;
  readonly log: Logger;
};

type Size = { readonly topicId: string | undefined; readonly partitions: number };

const READ_DEADLINE_MS = 5000;

/**
 * How many partitions the offsets topic has, by which every broker finds the one of a group: read from the topic's znode once this
 * broker has been told of the topic, and kept for as long as there is that topic. What brokers are told of may lack partitions
 * that have not had a leader yet, and by a smaller number a group would be looked for, and its commits taken, in another's place.
 *
 * As in Kafka, partitions that are added later are counted by brokers that start after that. Lives as long as the broker.
 */
export class OffsetsTopicSize {
  readonly #options: OffsetsTopicSizeOptions;
  #size: Size | undefined;
  #isReading = false;

  constructor(options: OffsetsTopicSizeOptions) {
    this.#options = options;
    options.cluster.onChange(() => void this.partitions);
  }

  /** undefined where there is no such topic, or it is not known yet; it is asked for then. */
  get partitions(): number | undefined {
    const topic = this.#options.cluster.image.topics.get(OFFSETS_TOPIC);
    if (topic === undefined) return undefined;
    if (this.#size !== undefined && this.#size.topicId === topic.topicId) return this.#size.partitions;
    this.#read();
    return undefined;
  }

  #read(): void {
    const { coordination, log } = this.#options;
    const { session } = coordination;
    if (this.#isReading || session?.state !== 'CONNECTED') return;
    this.#isReading = true;
    readOptional(session, topicPath(OFFSETS_TOPIC), { deadlineMs: READ_DEADLINE_MS })
      .then((found) => {
        if (found === undefined) return;
        const { topicId, partitions } = decodeTopic(OFFSETS_TOPIC, found.data);
        this.#size = { topicId, partitions: partitions.size };
      })
      .catch((err: unknown) => {
        log.warn({ err }, `how many partitions ${OFFSETS_TOPIC} has could not be read; it is tried again`);
      })
      .finally(() => {
        this.#isReading = false;
      });
  }
}
