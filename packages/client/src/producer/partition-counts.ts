import type { Topics } from '../admin/topics.ts';
import type { Link } from '../http/link.ts';

/** As often as Kafka's own clients ask, by default (metadata.max.age.ms). */
const MAX_AGE_MS = 300_000;

type Known = { readonly count: Promise<number>; readonly askedMs: number };

/** How many partitions topics have. What is known is used for five minutes: partitions may be added, never taken away. */
export class PartitionCounts {
  readonly #link: Link;
  readonly #topics: Topics;
  readonly #known = new Map<string, Known>();

  constructor(link: Link, topics: Topics) {
    this.#link = link;
    this.#topics = topics;
  }

  /**
   * Answers in the order of the calls.
   *
   * @throws ClientError where no server knows the topic, or none answers for `timeoutMs`
   */
  of(topic: string, timeoutMs: number): Promise<number> {
    const nowMs = this.#link.ports.clock.steadyMs();
    const known = this.#known.get(topic);
    if (known !== undefined && nowMs - known.askedMs < MAX_AGE_MS) return known.count;
    const count = this.#topics
      .describe(topic, timeoutMs)
      .then(({ partitions }) => partitions.length)
      .catch((error) => {
        // Partitions do not become fewer: what was known is still true.
        if (known !== undefined) return known.count;
        if (this.#known.get(topic) === asked) this.#known.delete(topic);
        throw error;
      });
    const asked = { count, askedMs: nowMs };
    this.#known.set(topic, asked);
    return count;
  }
}
