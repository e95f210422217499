import { type ConfigRow, type ConfigRows, LOG_ROWS, type LogConfig } from '@barnabas/model';
import { CONFIG_SOURCE, CONFIG_TYPE, type ConfigEntry, type ConfigSynonym } from './config-entry.ts';

export type TopicConfiguration = {
  readonly config: LogConfig;
  /** What of it is set for the topic itself. */
  readonly overrides: ReadonlyMap<string, string>;
  /** What is set for its broker, by Kafka's names. */
  readonly brokerSet: ReadonlyMap<string, string>;
};

/** The configuration of a topic as Kafka describes it. */
export function topicConfigEntries(it: TopicConfiguration): ConfigEntry[] {
  const rows: ConfigRows = LOG_ROWS;
  return Object.entries(it.config).flatMap(([field, value]) => {
    const row = rows[field];
    return row?.topic === undefined ? [] : [entryOf(row.topic, row, row.type.format(value), it)];
  });
}

function entryOf(name: string, row: ConfigRow<unknown>, value: string, it: TopicConfiguration): ConfigEntry {
  const own: ConfigSynonym[] = it.overrides.has(name) ? [{ name, value, source: CONFIG_SOURCE.topic }] : [];
  const synonyms = [...own, ...brokerSynonyms(row, it.brokerSet)];
  return {
    name,
    value,
    isReadOnly: false,
    isSensitive: false,
    source: synonyms[0]?.source ?? CONFIG_SOURCE.default,
    synonyms,
    type: CONFIG_TYPE[row.type.name],
    documentation: row.sentence,
  };
}

/**
 * The names under which a broker gives the property a value, the one that goes first in front. Of a property that has names
 * in several units none carries the default in Kafka, so none is shown for it.
 */
export function brokerSynonyms(row: ConfigRow<unknown>, brokerSet: ReadonlyMap<string, string>): ConfigSynonym[] {
  const set = row.broker.flatMap(({ name }): ConfigSynonym[] => {
    const value = brokerSet.get(name);
    return value === undefined ? [] : [{ name, value, source: CONFIG_SOURCE.staticBroker }];
  });
  const [only, ...others] = row.broker;
  if (only === undefined || others.length > 0 || row.default === undefined) return set;
  return [...set, { name: only.name, value: row.type.format(row.default), source: CONFIG_SOURCE.default }];
}
