import { KafkaError } from '../errors.ts';
import { BROKER_ROWS, type BrokerProperties, DEFAULT_BROKER_PROPERTIES } from './broker-rows.ts';
import { DEFAULT_LOG_CONFIG, LOG_ROWS, type LogConfig } from './log-config.ts';
import { type BrokerName, type ConfigRow, type ConfigRows, withValues } from './row.ts';
import { int } from './value-type.ts';

/** Properties as Kafka keeps them: names and texts. */
export type Properties = Readonly<Record<string, string>>;

/** A property that does not exist, or whose value is not allowed. */
export class InvalidConfigError extends KafkaError {
  readonly property: string;
  constructor(property: string, problem: string) {
    super('INVALID_CONFIG', `${property}: ${problem}`);
    this.property = property;
  }
}

const LOG_FIELDS_BY_TOPIC_NAME = new Map(Object.entries(LOG_ROWS).map(([field, { topic }]) => [topic, field]));

/**
 * The configuration of a topic's logs: `base`, which is its broker's, with what the topic itself sets. Frozen.
 *
 * @throws InvalidConfigError for a name that no topic property has, a value that is not allowed, and two values that
 * contradict each other.
 */
export function parseTopicConfig(overrides: Properties, base: LogConfig = DEFAULT_LOG_CONFIG): LogConfig {
  const rows: ConfigRows = LOG_ROWS;
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(overrides)) {
    const field = LOG_FIELDS_BY_TOPIC_NAME.get(name);
    const it = field === undefined ? undefined : rows[field];
    if (field === undefined || it === undefined) throw new InvalidConfigError(name, 'a topic has no such property');
    values[field] = parseValue({ name }, text, it);
  }
  return checked(withValues(base, values));
}

/** What a broker's properties say. */
export type BrokerSettings = {
  readonly broker: BrokerProperties;
  /** What holds for a topic that does not set otherwise: the base for `parseTopicConfig`. */
  readonly topicDefaults: LogConfig;
};

/**
 * The values of a broker's properties, with the defaults for what is not set; properties without a row are left alone. Both
 * parts are frozen.
 *
 * @throws InvalidConfigError for a value that is not allowed, and two values that contradict each other.
 */
export function parseBrokerConfig(properties: Properties): BrokerSettings {
  return {
    broker: withValues(DEFAULT_BROKER_PROPERTIES, parseBrokerRows(BROKER_ROWS, properties)),
    topicDefaults: checked(withValues(DEFAULT_LOG_CONFIG, parseBrokerRows(LOG_ROWS, properties))),
  };
}

/** Kafka's text for each of a topic's properties, by its name. */
export function formatTopicConfig(config: LogConfig): Properties {
  const rows: ConfigRows = LOG_ROWS;
  const texts: Record<string, string> = {};
  for (const [field, value] of Object.entries(config)) {
    const it = rows[field];
    if (it?.topic !== undefined) texts[it.topic] = it.type.format(value);
  }
  return texts;
}

function parseBrokerRows(rows: ConfigRows, properties: Properties): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [field, it] of Object.entries(rows)) {
    for (const source of it.broker.toReversed()) {
      const text = properties[source.name];
      if (text !== undefined) values[field] = parseValue(source, text, it);
    }
  }
  return values;
}

function parseValue({ name, unitMs }: BrokerName, text: string, { type }: ConfigRow<unknown>): unknown {
  const value = type.parse(unitMs === undefined ? text : inMs(text, unitMs));
  if (value !== undefined) return value;
  const unit = unitMs === undefined ? '' : `, in units of ${unitMs} ms`;
  throw new InvalidConfigError(name, `${JSON.stringify(text.slice(0, 100))} is not ${type.allowed}${unit}`);
}

const COUNT = int();

function inMs(text: string, unitMs: number): string {
  const count = COUNT.parse(text);
  if (count === undefined) return '';
  return String(count < 0 ? -1 : count * unitMs);
}

/** The one rule across rows, Kafka's own: a record must not be due for compaction while it is still safe from it. */
function checked(config: LogConfig): LogConfig {
  const { minCompactionLagMs, maxCompactionLagMs } = config;
  if (minCompactionLagMs <= maxCompactionLagMs) return config;
  throw new InvalidConfigError(
    'min.compaction.lag.ms',
    `${minCompactionLagMs} is more than max.compaction.lag.ms, which is ${maxCompactionLagMs}`,
  );
}
