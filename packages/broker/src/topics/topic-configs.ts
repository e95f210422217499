import type { Clock, LogConfig } from '@barnabas/model';
import {
  type CallOptions,
  CONFIG_CHANGES,
  CONFIG_PATH,
  type ConfigEntity,
  configPath,
  decodeConfig,
  isZooKeeperError,
  NotificationFollower,
  readOptional,
  untilAnswered,
  type ZnodeContent,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import type { Logger } from '../logger.ts';
import { type ReadableConfig, readableConfig } from './readable-config.ts';
import type { TopicConfigSource } from './topic-config-source.ts';

export type TopicConfigsOptions = {
  /** What the broker sets for topics that do not. */
  readonly topicDefaults: LogConfig;
  readonly clock: Clock;
  readonly logger: Logger;
};

type Configured = Omit<ReadableConfig, 'problems'> & {
  /** Number of the read that it comes from: what an earlier one brings later is out of date. */
  readonly asOf: number;
};

const TOPICS_PATH = `${CONFIG_PATH}/topics`;
const NOTHING: ReadonlyMap<string, string> = new Map();
/** As many znodes are asked for at a time. */
const READS_AT_ONCE = 1000;
/** How long the log of a new partition may wait for what is set for its topic. */
const REFRESH_DEADLINE_MS = 2000;

/**
 * What is set for topics, as this broker knows it: all of `/config/topics`, read at the start of each session, and what it was
 * notified of since (rule 9). Losing the session changes nothing. What cannot be read keeps its last good value, and is
 * logged with its path.
 *
 * `load` once before the first log is opened, `follow` for each session; a call for the next session ends what the last one
 * began. `close` ends all. Reads overlap; each is numbered when it is sent, and a session's are answered in that order.
 */
export class TopicConfigs implements TopicConfigSource {
  readonly #options: TopicConfigsOptions;
  readonly #configured = new Map<string, Configured>();
  readonly #listeners = new Set<(topic: string) => void>();
  #session: ZooKeeperSession | undefined;
  #follower: NotificationFollower<ConfigEntity> | undefined;
  #reads = 0;
  #isClosed = false;

  constructor(options: TopicConfigsOptions) {
    this.#options = options;
  }

  configOf(topic: string): LogConfig {
    return this.#configured.get(topic)?.config ?? this.#options.topicDefaults;
  }

  overridesOf(topic: string): ReadonlyMap<string, string> {
    return this.#configured.get(topic)?.overrides ?? NOTHING;
  }

  onChange(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what is set for every topic. Rejects with ZooKeeperError. */
  async load(session: ZooKeeperSession): Promise<void> {
    this.#session = session;
    const asOf = ++this.#reads;
    const topics = await untilAnswered(session, () => configuredTopics(session));
    for (let from = 0; from < topics.length && this.#isCurrent(session); from += READS_AT_ONCE) {
      const some = topics.slice(from, from + READS_AT_ONCE);
      await untilAnswered(session, () => Promise.all(some.map((topic) => this.#read(session, topic))));
    }
    if (this.#isCurrent(session)) this.#forgetAllBut(new Set(topics), asOf);
  }

  /**
   * Reads everything anew, and from then on what it is notified of, until the session is LOST or another is followed.
   * Resolves once all that was there is in force. Never rejects: where it failed, the next session makes up for it.
   */
  async follow(session: ZooKeeperSession): Promise<void> {
    this.#follower?.close();
    try {
      await this.load(session);
    } catch (error) {
      if (isZooKeeperError(error, 'SESSION_EXPIRED')) return;
      this.#options.logger.error({ err: error, path: TOPICS_PATH }, 'what is set for topics could not be read');
    }
    if (!this.#isCurrent(session)) return;
    const { clock, logger } = this.#options;
    this.#follower = new NotificationFollower(session, {
      kind: CONFIG_CHANGES,
      clock,
      handle: async (entity) => {
        if (entity.type === 'topic') await this.#read(session, entity.topic);
      },
      report: (path, error) => logger.warn({ err: error, path }, 'a notification could not be followed'),
    });
    await this.#follower.start();
  }

  /**
   * Reads anew what is set for these topics: to be awaited before logs of theirs are opened, as nobody is notified of what is
   * not changed but created. Without ZooKeeper at hand what is known stays. Never rejects.
   */
  async refresh(topics: Iterable<string>): Promise<void> {
    const session = this.#session;
    if (this.#isClosed || session?.state !== 'CONNECTED') return;
    const reads = Array.from(topics, (topic) => this.#read(session, topic, { deadlineMs: REFRESH_DEADLINE_MS }));
    for (const read of await Promise.allSettled(reads)) {
      if (read.status === 'fulfilled') continue;
      this.#options.logger.warn({ err: read.reason }, 'what is set for a topic could not be read again');
    }
  }

  /** Nothing changes any more. */
  close(): void {
    this.#isClosed = true;
    this.#follower?.close();
  }

  #isCurrent(session: ZooKeeperSession): boolean {
    return !this.#isClosed && this.#session === session;
  }

  /** Rejects with ZooKeeperError. */
  async #read(session: ZooKeeperSession, topic: string, options?: CallOptions): Promise<void> {
    const asOf = ++this.#reads;
    const found = await readOptional(session, configPath({ type: 'topic', topic }), options);
    if (!this.#isCurrent(session) || (this.#configured.get(topic)?.asOf ?? 0) > asOf) return;
    this.#put(topic, found, asOf);
  }

  #put(topic: string, found: ZnodeContent | undefined, asOf: number): void {
    const { topicDefaults, logger } = this.#options;
    const before = { config: this.configOf(topic), overrides: this.overridesOf(topic) };
    const path = configPath({ type: 'topic', topic });
    try {
      const set = decodeConfig({ type: 'topic', topic }, found?.data ?? null);
      const { config, overrides, problems } = readableConfig(set, topicDefaults, before);
      for (const problem of problems) {
        logger.error({ err: problem, path }, 'a property of a topic stays as it was: what is set is not allowed');
      }
      this.#configured.set(topic, { config, overrides, asOf });
    } catch (error) {
      logger.error({ err: error, path }, 'the configuration of a topic stays as it was: what is set cannot be read');
      this.#configured.set(topic, { ...before, asOf });
    }
    if (!isSame(before.overrides, this.overridesOf(topic))) this.#tell(topic);
  }

  #forgetAllBut(topics: ReadonlySet<string>, asOf: number): void {
    for (const [topic, configured] of this.#configured) {
      if (topics.has(topic) || configured.asOf > asOf) continue;
      this.#configured.delete(topic);
      if (configured.overrides.size > 0) this.#tell(topic);
    }
  }

  #tell(topic: string): void {
    for (const listener of this.#listeners) {
      try {
        listener(topic);
      } catch (error) {
        this.#options.logger.error({ err: error, topic }, 'a changed configuration could not be applied');
      }
    }
  }
}

/** Those that have a znode, whatever is in it. */
async function configuredTopics(session: ZooKeeperSession): Promise<readonly string[]> {
  try {
    const { children } = await session.children(TOPICS_PATH);
    return children.toSorted();
  } catch (error) {
    if (isZooKeeperError(error, 'NO_NODE')) return [];
    throw error;
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && one.entries().every(([name, value]) => other.get(name) === value);
}
