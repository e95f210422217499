import { type BrokerConfig, readBrokerConfig } from '@barnabas/broker';
import type { RunOptions } from './run-options.ts';

export const PEER_PORT = 9191;
export const CHROOT = '/sim';

export const hostOf = (id: number): string => `broker-${id}`;
/** Of each machine another one, so that a path says whose it is. */
export const logDirOf = (id: number): string => `/machine-${id}/logs`;

export function brokerConfigOf(id: number, options: RunOptions): BrokerConfig {
  const properties: Readonly<Record<string, string | number | boolean>> = {
    'broker.id': id,
    'zookeeper.connect': `zk:2181${CHROOT}`,
    'zookeeper.session.timeout.ms': options.sessionTimeoutMs,
    'zookeeper.connection.timeout.ms': 10_000,
    listeners: `PEERS://${hostOf(id)}:${PEER_PORT}`,
    'log.dirs': logDirOf(id),
    'log.flush': options.flushMode,
    'log.segment.bytes': options.segmentBytes,
    'log.index.interval.bytes': 200,
    'log.index.size.max.bytes': 4096,
    'log.flush.offset.checkpoint.interval.ms': options.checkpointIntervalMs,
    'log.segment.delete.delay.ms': 2000,
    'log.initial.task.delay.ms': 5000,
    'replica.lag.time.max.ms': options.replicaLagTimeMaxMs,
    'replica.fetch.wait.max.ms': options.fetchWaitMs,
    'replica.fetch.backoff.ms': 500,
    'replica.high.watermark.checkpoint.interval.ms': options.checkpointIntervalMs,
    'replica.socket.timeout.ms': options.requestTimeoutMs + options.fetchWaitMs,
    'controller.socket.timeout.ms': options.requestTimeoutMs,
    'controlled.shutdown.max.retries': 3,
    'controlled.shutdown.retry.backoff.ms': 300,
    'num.replica.fetchers': options.fetchersPerLeader,
    'leader.imbalance.check.interval.seconds': 5,
    'auto.leader.rebalance.enable': options.rebalances,
    'default.replication.factor': 3,
    'min.insync.replicas': 2,
    'auto.create.topics.enable': false,
  };
  const overrides = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  const { config, warnings } = readBrokerConfig({ overrides }, hostOf(id));
  const [warning] = warnings.filter((each) => !each.includes('not acted upon'));
  if (warning !== undefined) throw new Error(warning);
  return config;
}
