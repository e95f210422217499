import { errorIn } from '../asking/ask-leader.ts';
import type { Patience } from '../asking/patience.ts';
import { againIfRetriable, readOnly } from '../asking/read-only.ts';
import { done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';

const DESCRIBE_CONFIGS_VERSION = 4;
const TOPIC_RESOURCE = 2;
/** Source of a value that the topic sets itself. */
const TOPIC_SOURCE = 1;

/** `own`: what the topic sets itself; `all`: with what the broker or Kafka gives it otherwise. */
export type ConfigScope = 'own' | 'all';

/** A topic's configuration by name, in the order of the names; what is secret is left out. */
export const topicConfigs = (
  door: Door,
  topic: string,
  scope: ConfigScope,
  patience: Patience,
): Promise<Record<string, string>> =>
  untilDone(door, patience, (deadlineMs) =>
    readOnly(async () => {
      const request = { resources: [{ resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: null }] };
      const { signal } = patience;
      const options = { deadlineMs, signal };
      const { results } = await door.requests.ask(
        door.brokerId,
        'DescribeConfigs',
        DESCRIBE_CONFIGS_VERSION,
        request,
        options,
      );
      const [result] = results;
      const error = errorIn(result?.errorCode ?? -1, result?.errorMessage);
      if (error !== undefined || result === undefined) return error === undefined ? done({}) : againIfRetriable(error);
      const entries = result.configs.flatMap(({ name, value, configSource }): [string, string][] =>
        value === null || (scope === 'own' && configSource !== TOPIC_SOURCE) ? [] : [[name, value]],
      );
      return done(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
    }),
  );
