import { CONTROLLER_ROWS } from './broker/controller-rows.ts';
import { GROUP_ROWS } from './broker/group-rows.ts';
import { IDENTITY_ROWS } from './broker/identity-rows.ts';
import { LISTENER_ROWS } from './broker/listener-rows.ts';
import { METRICS_ROWS } from './broker/metrics-rows.ts';
import { OAUTH_ROWS } from './broker/oauth-rows.ts';
import { QUOTA_ROWS } from './broker/quota-rows.ts';
import { REPLICA_ROWS } from './broker/replica-rows.ts';
import { SASL_ROWS } from './broker/sasl-rows.ts';
import { SECURITY_ROWS } from './broker/security-rows.ts';
import { SOCKET_ROWS } from './broker/socket-rows.ts';
import { SSL_ROWS } from './broker/ssl-rows.ts';
import { TOPIC_DEFAULT_ROWS } from './broker/topic-default-rows.ts';
import { TRANSACTION_ROWS } from './broker/transaction-rows.ts';
import { ZOOKEEPER_ROWS } from './broker/zookeeper-rows.ts';
import { ZOOKEEPER_SSL_ROWS } from './broker/zookeeper-ssl-rows.ts';
import { CLEANER_ROWS } from './cleaner-rows.ts';
import { LOG_MANAGER_ROWS } from './log-manager-rows.ts';
import { type ConfigOf, defaultsOf } from './row.ts';

/**
 * What a broker's properties say beside what holds for topics that do not say otherwise (`LOG_ROWS`). Source: Kafka 3.9's
 * KafkaConfig, without what only a cluster without ZooKeeper has, and `log.flush`.
 */
export const BROKER_ROWS = {
  ...IDENTITY_ROWS,
  ...ZOOKEEPER_ROWS,
  ...ZOOKEEPER_SSL_ROWS,
  ...LISTENER_ROWS,
  ...SOCKET_ROWS,
  ...LOG_MANAGER_ROWS,
  ...CLEANER_ROWS,
  ...TOPIC_DEFAULT_ROWS,
  ...REPLICA_ROWS,
  ...CONTROLLER_ROWS,
  ...GROUP_ROWS,
  ...TRANSACTION_ROWS,
  ...QUOTA_ROWS,
  ...METRICS_ROWS,
  ...SECURITY_ROWS,
  ...SSL_ROWS,
  ...SASL_ROWS,
  ...OAUTH_ROWS,
};

/** The values of a broker's properties. */
export type BrokerProperties = ConfigOf<typeof BROKER_ROWS>;

/** A broker for which nothing is set. */
export const DEFAULT_BROKER_PROPERTIES: BrokerProperties = defaultsOf(BROKER_ROWS);
