/** The words of access control, as they stand in znodes: in paths and entries as here, in notifications in capitals. */

const RESOURCE_TYPES = {
  Topic: 'TOPIC',
  Group: 'GROUP',
  Cluster: 'CLUSTER',
  TransactionalId: 'TRANSACTIONAL_ID',
  DelegationToken: 'DELEGATION_TOKEN',
  User: 'USER',
} as const;

export type ResourceType = keyof typeof RESOURCE_TYPES;

export const ACL_OPERATIONS = [
  'All',
  'Read',
  'Write',
  'Create',
  'Delete',
  'Alter',
  'Describe',
  'ClusterAction',
  'DescribeConfigs',
  'AlterConfigs',
  'IdempotentWrite',
  'CreateTokens',
  'DescribeTokens',
] as const;

export type AclOperation = (typeof ACL_OPERATIONS)[number];

export const ACL_PERMISSIONS = ['Allow', 'Deny'] as const;

export type AclPermission = (typeof ACL_PERMISSIONS)[number];

/** `LITERAL`: the resource of that name, or with `*` all. `PREFIXED`: all whose name starts so. */
export const PATTERN_TYPES = ['LITERAL', 'PREFIXED'] as const;

export type PatternType = (typeof PATTERN_TYPES)[number];

/** What entries are for. */
export type ResourcePattern = {
  readonly resourceType: ResourceType;
  readonly name: string;
  readonly patternType: PatternType;
};

/** In capitals, with underscores. */
export function notifiedResourceType(type: ResourceType): string {
  return RESOURCE_TYPES[type];
}

/** From any case, as Kafka reads them; undefined for one that does not exist. */
export function resourceTypeOfNotified(notified: string): ResourceType | undefined {
  const capitals = notified.toUpperCase();
  return resourceTypes().find((type) => RESOURCE_TYPES[type] === capitals);
}

function resourceTypes(): ResourceType[] {
  return Object.keys(RESOURCE_TYPES) as ResourceType[];
}
