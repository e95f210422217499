/**
 * What a caller may do where nothing is forbidden: the operations that there are for a topic, a group and a cluster, as bits
 * numbered by Kafka's AclOperation.
 */
const bits = (...operations: readonly number[]): number => operations.reduce((sum, bit) => sum | (1 << bit), 0);

const [READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE] = [3, 4, 5, 6, 7, 8];
const [CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE] = [9, 10, 11, 12];

export const ALL_TOPIC_OPERATIONS = bits(READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);

export const ALL_GROUP_OPERATIONS = bits(READ, DELETE, DESCRIBE);

export const ALL_CLUSTER_OPERATIONS = bits(
  CREATE,
  ALTER,
  DESCRIBE,
  CLUSTER_ACTION,
  DESCRIBE_CONFIGS,
  ALTER_CONFIGS,
  IDEMPOTENT_WRITE,
);
