import { row } from '../row.ts';
import { boolean, int, javaClass, optional } from '../value-type.ts';

/** Topics that do not say otherwise, and what may be done to topics. */
export const TOPIC_DEFAULT_ROWS = {
  numPartitions: row({
    broker: [{ name: 'num.partitions' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: false,
    honoured: true,
    sentence: 'Partitions of a topic for which no number was given.',
  }),
  defaultReplicationFactor: row({
    broker: [{ name: 'default.replication.factor' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: false,
    honoured: true,
    sentence: 'Replicas of a topic for which no number was given.',
  }),
  autoCreateTopicsEnable: row({
    broker: [{ name: 'auto.create.topics.enable' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: true,
    sentence: 'Whether a topic that somebody asks for is created.',
  }),
  deleteTopicEnable: row({
    broker: [{ name: 'delete.topic.enable' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: true,
    sentence: 'Whether topics can be deleted.',
  }),
  maxRequestPartitionSizeLimit: row({
    broker: [{ name: 'max.request.partition.size.limit' }],
    type: int({ min: 1 }),
    default: 2000,
    dynamic: false,
    honoured: false,
    sentence: 'Partitions that one DescribeTopicPartitions answers at most.',
  }),
  createTopicPolicyClassName: row({
    broker: [{ name: 'create.topic.policy.class.name' }],
    type: optional(javaClass),
    default: undefined,
    dynamic: false,
    honoured: false,
    sentence: 'Java class that is asked whether a topic may be created.',
  }),
  alterConfigPolicyClassName: row({
    broker: [{ name: 'alter.config.policy.class.name' }],
    type: optional(javaClass),
    default: undefined,
    dynamic: false,
    honoured: false,
    sentence: 'Java class that is asked whether a configuration may be changed.',
  }),
};
