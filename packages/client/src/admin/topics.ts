import { ClientError } from '../client-error.ts';
import { ask, jsonOf } from '../http/ask.ts';
import type { Link } from '../http/link.ts';
import { malformed } from '../http/malformed.ts';

export type NewTopic = {
  /** The broker's `num.partitions` by default. */
  readonly partitions?: number;
  /** The broker's `default.replication.factor` by default. */
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
};

export type PartitionDescription = {
  readonly partition: number;
  /** Broker id; null where there is none. */
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
};

export type TopicDescription = {
  readonly name: string;
  readonly topicId: string | null;
  readonly partitions: readonly PartitionDescription[];
  /** What the topic sets itself. */
  readonly configs: Readonly<Record<string, string>>;
};

/** How long a call keeps trying, unless it is told otherwise. */
const TIMEOUT_MS = 30_000;

/** Topics of the cluster. Each call goes on, from server to server, until it is done or time is up. */
export class Topics {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /**
   * Makes a topic, unless it is there already just so.
   *
   * @throws ClientError TOPIC_ALREADY_EXISTS where it is there and differs; INVALID_REPLICATION_FACTOR and the like
   */
  async create(name: string, topic: NewTopic = {}, timeoutMs = TIMEOUT_MS): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(topic);
    await ask(this.#link, { method: 'PUT', path: path(name), headers, body }, timeoutMs);
  }

  /** @throws ClientError UNKNOWN_TOPIC_OR_PARTITION where no server has known it for five seconds */
  async describe(name: string, timeoutMs = TIMEOUT_MS): Promise<TopicDescription> {
    const response = await ask(this.#link, { method: 'GET', path: path(name) }, timeoutMs);
    const topic = jsonOf(response);
    if (!isDescription(topic)) throw malformed(`GET ${path(name)}`, 'refused');
    return topic;
  }

  /** Names, in their order. */
  async list(timeoutMs = TIMEOUT_MS): Promise<string[]> {
    const names = jsonOf(await ask(this.#link, { method: 'GET', path: '/v1/topics' }, timeoutMs));
    if (!isNames(names)) throw malformed('GET /v1/topics', 'refused');
    return names;
  }

  /** Deletes a topic. One that is not there any more counts as deleted only if an attempt of this call may have done it. */
  async delete(name: string, timeoutMs = TIMEOUT_MS): Promise<void> {
    try {
      await ask(this.#link, { method: 'DELETE', path: path(name) }, timeoutMs);
    } catch (error) {
      const isGone = error instanceof ClientError && error.error === 'UNKNOWN_TOPIC_OR_PARTITION';
      if (!isGone || error.outcome === 'refused') throw error;
    }
  }
}

const path = (name: string): string => `/v1/topics/${encodeURIComponent(name)}`;

function isDescription(value: unknown): value is TopicDescription {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'partitions' in value &&
    Array.isArray(value.partitions)
  );
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
