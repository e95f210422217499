import { InvalidConfigError, LOG_ROWS, type LogConfig, parseTopicConfig } from '@barnabas/model';

const PROPERTIES: ReadonlySet<string | undefined> = new Set(Object.values(LOG_ROWS).map(({ topic }) => topic));
/** Topic properties by the names under which a broker sets them for all topics. */
const TOPIC_NAMES = new Map(
  Object.values(LOG_ROWS).flatMap(({ topic, broker }) => broker.map(({ name }) => [name, topic] as const)),
);
const MAX_QUOTED = 100;

/**
 * The configuration that a topic has with `overrides` over its broker's.
 *
 * @throws InvalidConfigError for a property that a topic does not have or a value that is not allowed; it names both, and
 *   what would be
 */
export function requireTopicOverrides(overrides: ReadonlyMap<string, string>, topicDefaults: LogConfig): LogConfig {
  for (const name of overrides.keys()) requireTopicProperty(name);
  return parseTopicConfig(Object.fromEntries(overrides), topicDefaults);
}

function requireTopicProperty(name: string): void {
  if (PROPERTIES.has(name)) return;
  const known = TOPIC_NAMES.get(name);
  const hint = known === undefined ? '' : `; it is the broker's name for ${known}`;
  throw new InvalidConfigError(name.slice(0, MAX_QUOTED), `a topic has no such property${hint}`);
}
