import type { BrokerId, Random, Scheduler } from '@barnabas/model';
import type { PeerHandlers } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import { alterConfigsHandler, incrementalAlterConfigsHandler } from '../configs/alter-configs.ts';
import type { BrokerConfiguration } from '../configs/broker-entries.ts';
import { describeConfigsHandler } from '../configs/describe-configs.ts';
import { createTopicsHandler } from '../create/create-topics.ts';
import { deleteTopicsHandler } from '../delete/delete-topics.ts';
import { createPartitionsHandler } from '../partitions/create-partitions.ts';
import type { TopicConfigSource } from '../topic-config-source.ts';

export type TopicHandlersOptions = {
  readonly brokerId: BrokerId;
  /** How this broker is configured; what a new topic has by default is in it. */
  readonly broker: BrokerConfiguration;
  readonly coordination: Coordination;
  readonly cluster: ClusterView;
  readonly topicConfigs: TopicConfigSource;
  /** Whether this broker is the controller. */
  readonly isActive: () => boolean;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
};

export type TopicApi =
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'CreatePartitions'
  | 'DescribeConfigs'
  | 'AlterConfigs'
  | 'IncrementalAlterConfigs';

/** The handlers of all that is about topics and configurations. */
export function topicHandlers(options: TopicHandlersOptions): Required<Pick<PeerHandlers, TopicApi>> {
  const { properties, topicDefaults, set } = options.broker;
  const { numPartitions, defaultReplicationFactor, deleteTopicEnable } = properties;
  const defaults = { numPartitions, defaultReplicationFactor, topicDefaults };
  return {
    CreateTopics: createTopicsHandler({ ...options, defaults, brokerSet: set }),
    DeleteTopics: deleteTopicsHandler({ ...options, deleteTopicEnable }),
    CreatePartitions: createPartitionsHandler(options),
    DescribeConfigs: describeConfigsHandler(options),
    AlterConfigs: alterConfigsHandler({ ...options, topicDefaults }),
    IncrementalAlterConfigs: incrementalAlterConfigsHandler({ ...options, topicDefaults }),
  };
}
