import { KafkaError } from '@barnabas/model';
import { deleteTopicPath, TOPICS_PATH, topicPath, untilAnswered, type ZooKeeperSession } from '@barnabas/zookeeper';
import { canCollide, collisionKey } from '../topic-name.ts';

/** What there is in ZooKeeper that could be in the way of new topics. */
export type ExistingTopics = {
  /** Those of the names that were asked about; all that exist, where one of those can collide with another. */
  readonly names: ReadonlySet<string>;
  readonly beingDeleted: ReadonlySet<string>;
};

/** Rejects with ZooKeeperError. */
export function readExistingTopics(session: ZooKeeperSession, asked: readonly string[]): Promise<ExistingTopics> {
  return untilAnswered(session, async () => {
    const [names, beingDeleted] = await Promise.all([
      asked.some(canCollide) ? allTopics(session) : thoseThatExist(session, asked, topicPath),
      thoseThatExist(session, asked, deleteTopicPath),
    ]);
    return { names: new Set(names), beingDeleted: new Set(beingDeleted) };
  });
}

async function allTopics(session: ZooKeeperSession): Promise<readonly string[]> {
  const { children } = await session.children(TOPICS_PATH);
  return children;
}

async function thoseThatExist(
  session: ZooKeeperSession,
  asked: readonly string[],
  pathOf: (name: string) => string,
): Promise<readonly string[]> {
  const stats = await Promise.all(asked.map((name) => session.exists(pathOf(name))));
  return asked.filter((_, index) => stats[index] !== undefined);
}

/**
 * Lets topics through that nothing is in the way of: a topic that exists, is still being deleted, or has been let through
 * before, of the same name or one that collides.
 */
export class Admission {
  readonly #existing: ExistingTopics;
  readonly #byKey: Map<string, string>;

  constructor(existing: ExistingTopics) {
    this.#existing = existing;
    this.#byKey = new Map(Array.from(existing.names, (name) => [collisionKey(name), name]));
  }

  /** @throws KafkaError TOPIC_ALREADY_EXISTS, INVALID_TOPIC_EXCEPTION */
  admit(name: string): void {
    if (this.#existing.beingDeleted.has(name)) throw beingDeleted(name);
    if (this.#existing.names.has(name)) throw alreadyExists(name);
    const key = collisionKey(name);
    const other = this.#byKey.get(key);
    if (other !== undefined) {
      const message = `The topic ${name} collides with ${other}: '.' and '_' count as the same. Give it another name.`;
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', message);
    }
    this.#byKey.set(key, name);
  }
}

export function alreadyExists(name: string): KafkaError {
  return new KafkaError('TOPIC_ALREADY_EXISTS', `The topic ${name} exists already.`);
}

export function beingDeleted(name: string): KafkaError {
  return new KafkaError('TOPIC_ALREADY_EXISTS', `The topic ${name} is still being deleted; try again once it is gone.`);
}
