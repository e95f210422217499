import { BROKER_ROWS, type BrokerProperties, type ConfigRow, LOG_ROWS, type LogConfig } from '@barnabas/model';
import { CONFIG_SOURCE, CONFIG_TYPE, type ConfigEntry, type ConfigSynonym } from './config-entry.ts';
import { brokerSynonyms } from './topic-entries.ts';

/** How a broker is configured; nothing of it changes while it runs. */
export type BrokerConfiguration = {
  readonly properties: BrokerProperties;
  readonly topicDefaults: LogConfig;
  /** What is set, as it was written, by Kafka's names. */
  readonly set: ReadonlyMap<string, string>;
};

/**
 * The configuration of a broker as Kafka describes it. Of several names for one property there is the first, with what is in
 * force, and those others that are set, as they were written. What is set and has no row may be a secret, and is not shown.
 */
export function brokerConfigEntries({ properties, topicDefaults, set }: BrokerConfiguration): ConfigEntry[] {
  const rows: Readonly<Record<string, ConfigRow<unknown>>> = { ...BROKER_ROWS, ...LOG_ROWS };
  const values = Object.entries({ ...properties, ...topicDefaults });
  return values.flatMap(([field, value]) => {
    const row = rows[field];
    return row === undefined ? [] : entriesOf(row, value, set);
  });
}

function entriesOf(row: ConfigRow<unknown>, value: unknown, set: ReadonlyMap<string, string>): ConfigEntry[] {
  const isSensitive = row.type.name === 'password';
  const shown = (text: string | null): string | null => (isSensitive ? null : text);
  const synonyms = brokerSynonyms(row, set).map((synonym) => ({ ...synonym, value: shown(synonym.value) }));
  const entry = (name: string, text: string | null, all: readonly ConfigSynonym[]): ConfigEntry => ({
    name,
    value: shown(text),
    isReadOnly: true,
    isSensitive,
    source: all[0]?.source ?? CONFIG_SOURCE.default,
    synonyms: all,
    type: CONFIG_TYPE[row.type.name],
    documentation: row.sentence,
  });
  const [first, ...others] = row.broker;
  if (first === undefined) return [];
  const inForce = value === undefined ? null : row.type.format(value);
  return [
    entry(first.name, inForce, synonyms),
    ...others.flatMap(({ name }) => {
      const text = set.get(name);
      return text === undefined
        ? []
        : [
            entry(
              name,
              text,
              synonyms.filter((synonym) => synonym.name === name),
            ),
          ];
    }),
  ];
}
