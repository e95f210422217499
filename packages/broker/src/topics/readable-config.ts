import { InvalidConfigError, type LogConfig, parseTopicConfig } from '@barnabas/model';

export type ReadableConfig = {
  readonly config: LogConfig;
  /** What of it is set for the topic itself. */
  readonly overrides: ReadonlyMap<string, string>;
  /** What could not be taken as it was set. */
  readonly problems: readonly InvalidConfigError[];
};

/**
 * As much of what is set for a topic as can be: a property that this build does not know, or whose value it cannot read,
 * stays as it was, or unset where it was not. It is never the whole that falls back to the broker's: a topic whose records are
 * to be kept must not lose them over another property.
 *
 * @param before what was in force
 */
export function readableConfig(
  set: ReadonlyMap<string, string>,
  base: LogConfig,
  before: Omit<ReadableConfig, 'problems'>,
): ReadableConfig {
  const overrides = new Map(set);
  const problems: InvalidConfigError[] = [];
  for (;;) {
    try {
      return { config: parseTopicConfig(Object.fromEntries(overrides), base), overrides, problems };
    } catch (error) {
      if (!(error instanceof InvalidConfigError)) throw error;
      problems.push(error);
      const refused = overrides.get(error.property);
      // It contradicts what the broker sets.
      if (refused === undefined) return { ...before, problems };
      const last = before.overrides.get(error.property);
      if (last === undefined || last === refused) overrides.delete(error.property);
      else overrides.set(error.property, last);
    }
  }
}
