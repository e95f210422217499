import type { LogConfig } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import { requireTopicOverrides } from '../topic-overrides.ts';
import { altered, needsValue } from './alteration.ts';
import { type AlterSurroundings, alterResources, requireValue } from './altered-resources.ts';

export type AlterConfigsOptions = AlterSurroundings & {
  /** What the broker sets for topics that do not. */
  readonly topicDefaults: LogConfig;
};

/** AlterConfigs: what a topic sets is replaced as a whole, also what cannot be read any more. */
export function alterConfigsHandler(options: AlterConfigsOptions): PeerHandler<'AlterConfigs'> {
  return async (request) => ({
    throttleTimeMs: 0,
    responses: await alterResources(options, request, ({ configs }) => {
      const next = new Map(configs.map((it) => [it.name, requireValue(it)]));
      requireTopicOverrides(next, options.topicDefaults);
      return () => next;
    }),
  });
}

/** IncrementalAlterConfigs: single properties are set, deleted, or have words added or taken away. */
export function incrementalAlterConfigsHandler(options: AlterConfigsOptions): PeerHandler<'IncrementalAlterConfigs'> {
  return async (request) => ({
    throttleTimeMs: 0,
    responses: await alterResources(options, request, ({ configs }) => {
      const alterations = configs.map(({ name, configOperation, value }) => {
        if (needsValue(configOperation)) requireValue({ name, value });
        return { name, operation: configOperation, value };
      });
      return (current) => {
        const next = altered(current(), alterations);
        requireTopicOverrides(next, options.topicDefaults);
        return next;
      };
    }),
  });
}
