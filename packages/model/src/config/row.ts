import type { ValueType } from './value-type.ts';

/**
 * A name under which a broker's properties carry a value. A time may have several, in different units: the value is
 * `unitMs` times what is written, and what is negative in such a unit is -1.
 */
export type BrokerName = { readonly name: string; readonly unitMs?: number };

/**
 * One configuration property. The type of the configuration, its validation and `docs/configuration.md` all come from
 * rows like this.
 */
export type ConfigRow<T> = {
  /** Kafka's name for it in a topic's configuration; absent where a topic cannot set it. */
  readonly topic?: string;
  /** Kafka's names for it in a broker's configuration: the first one that is set decides. */
  readonly broker: readonly BrokerName[];
  readonly type: ValueType<T>;
  readonly default: NoInfer<T>;
  /** Whether the first broker name can be changed while the broker runs. What a topic sets always can. */
  readonly dynamic: boolean;
  /** Whether this build acts on it; a row that is not honoured is checked, kept and shown, and changes nothing. */
  readonly honoured: boolean;
  /** What it does. */
  readonly sentence: string;
};

/** Rows by the name of the field that holds their value: the first of Kafka's names for it in camelCase. */
export type ConfigRows = { readonly [field: string]: ConfigRow<unknown> };

/** The configuration that a table of rows describes. */
export type ConfigOf<Rows extends ConfigRows> = {
  readonly [Field in keyof Rows]: Rows[Field] extends ConfigRow<infer T> ? T : never;
};

/** A row as it is; ties its default to its type. */
export const row = <T>(it: ConfigRow<T>): ConfigRow<T> => it;

/** The frozen configuration in which nothing is set. */
export function defaultsOf<Rows extends ConfigRows>(rows: Rows): ConfigOf<Rows> {
  const values = Object.fromEntries(Object.entries(rows).map(([field, it]) => [field, it.default]));
  return withValues(values as ConfigOf<Rows>, {});
}

/** `base` with some of its fields replaced, frozen. */
export function withValues<Config extends object>(base: Config, values: Readonly<Record<string, unknown>>): Config {
  const config = { ...base, ...values };
  for (const value of Object.values(config)) Object.freeze(value);
  return Object.freeze(config);
}
