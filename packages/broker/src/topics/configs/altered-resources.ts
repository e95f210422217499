/** What AlterConfigs and IncrementalAlterConfigs have in common. */
import { KafkaError } from '@barnabas/model';
import type { PeerResponse } from '@barnabas/transport';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import { type Refusal, refusalOf } from '../refusal.ts';
import { requireSession } from '../require-session.ts';
import { requireTopicName } from '../topic-name.ts';
import { RESOURCE_TYPE } from './resource-type.ts';
import { type ConfigChange, checkTopicConfig, writeTopicConfig } from './write-topic-config.ts';

export type AlterSurroundings = { readonly coordination: Coordination; readonly logger: Logger };

type Resource = {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
};

type AlteredResource = PeerResponse<'AlterConfigs'>['responses'][number];

/** Any broker changes these, not only the controller: it says that what is needed for it is not there at the moment. */
const UNAVAILABLE = 'COORDINATOR_NOT_AVAILABLE';

/** Alters each resource by itself; those that are named twice not at all. */
export async function alterResources<R extends Resource>(
  { coordination, logger }: AlterSurroundings,
  { resources, validateOnly }: { readonly resources: readonly R[]; readonly validateOnly: boolean },
  changeOf: (resource: R) => ConfigChange,
): Promise<AlteredResource[]> {
  const keyOf = ({ resourceType, resourceName }: R): string => `${resourceType} ${resourceName}`;
  const same = Map.groupBy(resources, keyOf);
  const alter = async (resource: R): Promise<Refusal> => {
    try {
      if (same.get(keyOf(resource))?.length !== 1) {
        throw new KafkaError('INVALID_REQUEST', 'The request names this resource more than once.');
      }
      const change = changeOf(requireTopic(resource));
      const session = requireSession(coordination, UNAVAILABLE);
      await (validateOnly ? checkTopicConfig : writeTopicConfig)(session, resource.resourceName, change);
      if (!validateOnly) logger.info({ topic: resource.resourceName }, 'topic configuration changed');
      return { errorCode: 0, errorMessage: null };
    } catch (error) {
      return refusalOf(error, UNAVAILABLE, logger);
    }
  };
  return Promise.all(
    resources.map(async (resource) => {
      const { resourceType, resourceName } = resource;
      return { ...(await alter(resource)), resourceType, resourceName };
    }),
  );
}

/** @throws KafkaError INVALID_REQUEST, INVALID_TOPIC_EXCEPTION */
function requireTopic<R extends Resource>(resource: R): R {
  const { resourceType, resourceName, configs } = resource;
  if (resourceType === RESOURCE_TYPE.broker) {
    const message = "A broker's configuration does not change while it runs: set it in its file, and restart it.";
    throw new KafkaError('INVALID_REQUEST', message);
  }
  if (resourceType !== RESOURCE_TYPE.topic) {
    throw new KafkaError(
      'INVALID_REQUEST',
      `Resources of type ${resourceType} cannot be altered; ${RESOURCE_TYPE.topic} is a topic.`,
    );
  }
  if (resourceName === '')
    throw new KafkaError('INVALID_REQUEST', 'Name the topic; there is none that stands for all.');
  requireTopicName(resourceName);
  if (new Set(configs.map(({ name }) => name)).size < configs.length) {
    throw new KafkaError('INVALID_REQUEST', 'The request names a property of the topic more than once.');
  }
  return resource;
}

/** @throws KafkaError INVALID_REQUEST */
export function requireValue({ name, value }: { readonly name: string; readonly value: string | null }): string {
  if (value !== null) return value;
  throw new KafkaError('INVALID_REQUEST', `The property ${JSON.stringify(name.slice(0, 100))} needs a value.`);
}
