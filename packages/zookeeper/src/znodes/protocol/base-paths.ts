import type { ZooKeeperSession } from '../../session/session.ts';
import { EXTENDED_ACL_CHANGES, LITERAL_ACL_CHANGES } from '../acl-change-notification.ts';
import type { ResourceType } from '../acl-names.ts';
import { aclRootPath } from '../acl-znode.ts';
import { BROKER_IDS_PATH } from '../broker-registration.ts';
import { BROKER_SEQUENCE_ID_PATH } from '../broker-sequence-id.ts';
import { CONFIG_CHANGES } from '../config-change-notification.ts';
import { CONFIG_PATH } from '../config-znode.ts';
import { CONSUMERS_PATH } from '../consumer-offset.ts';
import { DELEGATION_TOKENS_PATH } from '../delegation-token.ts';
import { DELEGATION_TOKEN_CHANGES } from '../delegation-token-change.ts';
import { DELETE_TOPICS_PATH } from '../delete-topics.ts';
import { ISR_CHANGES } from '../isr-change-notification.ts';
import { LOG_DIR_EVENTS } from '../log-dir-event-notification.ts';
import { PRODUCER_ID_BLOCK_PATH } from '../producer-id-block.ts';
import { TOPICS_PATH } from '../topic-znode.ts';
import { createPaths } from './create-paths.ts';

/** In the order in which Kafka creates them. Source: `ZkData.PersistentZkPaths`. */
const BASE_PATHS: readonly string[] = [
  CONSUMERS_PATH,
  BROKER_IDS_PATH,
  TOPICS_PATH,
  CONFIG_CHANGES.parent,
  DELETE_TOPICS_PATH,
  BROKER_SEQUENCE_ID_PATH,
  ISR_CHANGES.parent,
  PRODUCER_ID_BLOCK_PATH,
  LOG_DIR_EVENTS.parent,
  ...['topics', 'clients', 'users', 'brokers', 'ips'].map((type) => `${CONFIG_PATH}/${type}`),
];

/** In the order in which the golden cluster has them. */
const ACL_RESOURCE_TYPES: readonly ResourceType[] = [
  'Cluster',
  'DelegationToken',
  'User',
  'TransactionalId',
  'Topic',
  'Group',
];

const ACL_PATHS: readonly string[] = [
  ...ACL_RESOURCE_TYPES.map((type) => `${aclRootPath('LITERAL')}/${type}`),
  ...ACL_RESOURCE_TYPES.map((type) => `${aclRootPath('PREFIXED')}/${type}`),
  LITERAL_ACL_CHANGES.parent,
  EXTENDED_ACL_CHANGES.parent,
];

/** What every broker makes sure of at its start. Rejects as `createPaths` does. */
export function createBasePaths(session: ZooKeeperSession): Promise<void> {
  return createPaths(session, BASE_PATHS);
}

/** What a broker with an authorizer makes sure of, too. Rejects as `createPaths` does. */
export function createAclPaths(session: ZooKeeperSession): Promise<void> {
  return createPaths(session, ACL_PATHS);
}

/** What a broker makes sure of, too, where delegation tokens are in use. Rejects as `createPaths` does. */
export function createDelegationTokenPaths(session: ZooKeeperSession): Promise<void> {
  return createPaths(session, [DELEGATION_TOKEN_CHANGES.parent, DELEGATION_TOKENS_PATH]);
}
