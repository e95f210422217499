import type { ConfigRow } from '@barnabas/model';

/** Where a value comes from, as DescribeConfigs numbers it. */
export const CONFIG_SOURCE = { topic: 1, staticBroker: 4, default: 5 } as const;
export type ConfigSource = (typeof CONFIG_SOURCE)[keyof typeof CONFIG_SOURCE];

/** Kinds of values, as DescribeConfigs numbers them. */
export const CONFIG_TYPE: Readonly<Record<ConfigRow<unknown>['type']['name'], number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

export type ConfigSynonym = { readonly name: string; readonly value: string | null; readonly source: ConfigSource };

/** One property as it is described. */
export type ConfigEntry = {
  readonly name: string;
  /** Null where it is not set and has no default, and where it is not to be seen. */
  readonly value: string | null;
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  readonly source: ConfigSource;
  /** All that give it a value, the one that is in force first. */
  readonly synonyms: readonly ConfigSynonym[];
  readonly type: number;
  readonly documentation: string;
};
