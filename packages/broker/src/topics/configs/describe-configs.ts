import { type BrokerId, KafkaError, type LogConfig } from '@barnabas/model';
import type { DescribeConfigsRequest } from '@barnabas/protocol';
import type { PeerHandler, PeerResponse } from '@barnabas/transport';
import { readEntityConfig } from '@barnabas/zookeeper';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import { refusalOf } from '../refusal.ts';
import type { TopicConfigSource } from '../topic-config-source.ts';
import { requireTopicName } from '../topic-name.ts';
import { requireTopicOverrides } from '../topic-overrides.ts';
import { type BrokerConfiguration, brokerConfigEntries } from './broker-entries.ts';
import { CONFIG_SOURCE, type ConfigEntry } from './config-entry.ts';
import { RESOURCE_TYPE } from './resource-type.ts';
import { topicConfigEntries } from './topic-entries.ts';

export type DescribeConfigsOptions = {
  readonly brokerId: BrokerId;
  readonly broker: BrokerConfiguration;
  readonly coordination: Coordination;
  readonly cluster: ClusterView;
  /** What is in force here, shown where ZooKeeper cannot be asked. */
  readonly topicConfigs: TopicConfigSource;
  readonly logger: Logger;
};

type Resource = DescribeConfigsRequest['resources'][number];
type DescribedResource = PeerResponse<'DescribeConfigs'>['results'][number];
type DescribedConfig = DescribedResource['configs'][number];

/** Nothing is changed, so this is never the error for ZooKeeper's absence. */
const UNAVAILABLE = 'UNKNOWN_SERVER_ERROR';

/** DescribeConfigs: of topics, of this broker, and what is set for all brokers while they run, which is nothing. */
export function describeConfigsHandler(options: DescribeConfigsOptions): PeerHandler<'DescribeConfigs'> {
  return async (request, { version }) => {
    const results = request.resources.map(async (resource): Promise<DescribedResource> => {
      const { resourceType, resourceName } = resource;
      try {
        const configs = chosen(await entriesOf(resource, options), resource).map((it) =>
          described(it, request, version),
        );
        return { errorCode: 0, errorMessage: '', resourceType, resourceName, configs };
      } catch (error) {
        return { ...refusalOf(error, UNAVAILABLE, options.logger), resourceType, resourceName, configs: [] };
      }
    });
    return { throttleTimeMs: 0, results: await Promise.all(results) };
  };
}

/** @throws KafkaError where there is no such resource */
async function entriesOf({ resourceType, resourceName }: Resource, options: DescribeConfigsOptions) {
  if (resourceType === RESOURCE_TYPE.topic) return topicEntries(resourceName, options);
  if (resourceType !== RESOURCE_TYPE.broker) {
    throw new KafkaError('INVALID_REQUEST', `Resources of type ${resourceType} have no configuration here.`);
  }
  if (resourceName === '') return [];
  if (resourceName === String(options.brokerId)) return brokerConfigEntries(options.broker);
  const message = `This is broker ${options.brokerId}: ask ${JSON.stringify(resourceName)} itself for its configuration.`;
  throw new KafkaError('INVALID_REQUEST', message);
}

async function topicEntries(topic: string, options: DescribeConfigsOptions): Promise<ConfigEntry[]> {
  requireTopicName(topic);
  if (!options.cluster.image.topics.has(topic)) {
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${topic}.`);
  }
  return topicConfigEntries({ ...(await topicConfiguration(topic, options)), brokerSet: options.broker.set });
}

/** As it is in ZooKeeper, so that who changes it sees what he has changed; else as it is in force here. */
async function topicConfiguration(
  topic: string,
  { coordination, topicConfigs, broker, logger }: DescribeConfigsOptions,
): Promise<{ readonly config: LogConfig; readonly overrides: ReadonlyMap<string, string> }> {
  const { session } = coordination;
  if (session?.state === 'CONNECTED') {
    try {
      const overrides = await readEntityConfig(session, { type: 'topic', topic });
      return { config: requireTopicOverrides(overrides, broker.topicDefaults), overrides };
    } catch (error) {
      logger.warn({ err: error, topic }, 'what is set for a topic cannot be read; what is in force here is shown');
    }
  }
  return { config: topicConfigs.configOf(topic), overrides: topicConfigs.overridesOf(topic) };
}

function chosen(entries: readonly ConfigEntry[], { configurationKeys }: Resource): readonly ConfigEntry[] {
  if (configurationKeys === null || configurationKeys.length === 0) return entries;
  const keys = new Set(configurationKeys);
  return entries.filter(({ name }) => keys.has(name));
}

function described(entry: ConfigEntry, request: DescribeConfigsRequest, version: number): DescribedConfig {
  return {
    name: entry.name,
    value: entry.value,
    readOnly: entry.isReadOnly,
    // Only version 0 has it, and no other can carry it.
    isDefault: version === 0 && entry.source === CONFIG_SOURCE.default,
    configSource: entry.source,
    isSensitive: entry.isSensitive,
    synonyms: request.includeSynonyms ? entry.synonyms : [],
    configType: entry.type,
    documentation: request.includeDocumentation ? entry.documentation : null,
  };
}
