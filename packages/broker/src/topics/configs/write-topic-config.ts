import { KafkaError } from '@barnabas/model';
import {
  ANY_VERSION,
  CONFIG_CHANGES,
  type ConfigEntity,
  configPath,
  decodeConfig,
  type EntityConfig,
  encodeConfig,
  MultiError,
  readOptional,
  type TransactionOp,
  topicPath,
  untilAnswered,
  type ZnodeContent,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { requireFitting } from '../topic-limits.ts';
import { type Attempts, writeOnce } from '../write-once.ts';

/** What is to be set in place of what is set; throws where it may not be. Done twice it has to be the same as done once. */
export type ConfigChange = (current: () => EntityConfig) => EntityConfig;

/** Steps of the transaction. */
const TOPIC_STEP = 0;
const CONFIG_STEP = 1;
/** Somebody else has changed the configuration since it was read. */
const OVERTAKEN: ReadonlySet<string> = new Set(['BAD_VERSION', 'NO_NODE', 'NODE_EXISTS']);

type Found = { readonly czxid: number; readonly config: ZnodeContent | undefined };

/**
 * Tells whether the change could be made. Rejects as `writeTopicConfig`, with ZooKeeperError where it cannot be asked.
 */
export function checkTopicConfig(session: ZooKeeperSession, topic: string, change: ConfigChange): Promise<void> {
  return untilAnswered(session, async () => {
    nextConfig(topic, await find(session, topic), change);
  });
}

/**
 * Changes what is set for a topic and tells all brokers, in one transaction that needs the topic to exist: what is set for a
 * topic never outlives it. Whoever changes it at the same time, no change is lost (Kafka lets the last one win).
 *
 * Rejects with KafkaError UNKNOWN_TOPIC_OR_PARTITION, what `change` throws, MalformedZnodeError, and as `writeOnce` does.
 */
export function writeTopicConfig(session: ZooKeeperSession, topic: string, change: ConfigChange): Promise<void> {
  let czxid: number | undefined;
  return writeOnce(session, async (attempts) => {
    for (;;) {
      const found = await find(session, topic);
      czxid ??= found.czxid;
      if (found.czxid !== czxid) throw unknownTopic(topic);
      const next = nextConfig(topic, found, change);
      if (await write(session, topic, found, next, attempts)) return;
    }
  });
}

async function find(session: ZooKeeperSession, topic: string): Promise<Found> {
  const [stat, config] = await Promise.all([
    session.exists(topicPath(topic)),
    readOptional(session, configPath(entityOf(topic))),
  ]);
  if (stat === undefined) throw unknownTopic(topic);
  return { czxid: stat.czxid, config };
}

function nextConfig(topic: string, { config }: Found, change: ConfigChange): EntityConfig {
  const next = change(() => decodeConfig(entityOf(topic), config?.data ?? null));
  requireFitting(`The configuration of ${topic}`, encodeConfig(next));
  return next;
}

/** False where somebody else was faster. */
async function write(
  session: ZooKeeperSession,
  topic: string,
  { config }: Found,
  next: EntityConfig,
  attempts: Attempts,
): Promise<boolean> {
  try {
    await attempts.write(() => session.multi(stepsFor(topic, config?.stat.version, next)));
    return true;
  } catch (error) {
    if (!(error instanceof MultiError)) throw error;
    if (error.index === TOPIC_STEP && error.code === 'NO_NODE') throw unknownTopic(topic);
    if (error.index === CONFIG_STEP && OVERTAKEN.has(error.code)) return false;
    throw error;
  }
}

/** @param version of the znode that is there; undefined where there is none */
function stepsFor(topic: string, version: number | undefined, next: EntityConfig): TransactionOp[] {
  const entity = entityOf(topic);
  const config = { path: configPath(entity), data: encodeConfig(next) };
  const { parent, prefix, encode } = CONFIG_CHANGES;
  return [
    { type: 'check', path: topicPath(topic), version: ANY_VERSION },
    version === undefined ? { type: 'create', ...config } : { type: 'set', ...config, version },
    { type: 'create', path: `${parent}/${prefix}`, data: encode(entity), mode: 'persistentSequential' },
  ];
}

function entityOf(topic: string): ConfigEntity {
  return { type: 'topic', topic };
}

function unknownTopic(topic: string): KafkaError {
  return new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${topic}.`);
}
