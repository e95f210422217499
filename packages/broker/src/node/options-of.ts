/** What parts of the packages below want to know of a broker's configuration and environment. */
import type { BrokerId } from '@barnabas/model';
import type { LogManagerOptions } from '@barnabas/storage';
import { parseConnectString } from '@barnabas/zookeeper';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { CoordinationOptions } from '../coordination/zookeeper-coordination.ts';
import type { BrokerEnvironment } from './broker-environment.ts';

export function coordinationOptions({ properties }: BrokerConfig, environment: BrokerEnvironment): CoordinationOptions {
  const { clock, scheduler, random, logger, onUncaught, zookeeper: links } = environment;
  const { zookeeperConnect, zookeeperSessionTimeoutMs, zookeeperConnectionTimeoutMs } = properties;
  return {
    scheduler,
    logger,
    zookeeper: {
      links,
      ensemble: zookeeperConnect.split('/', 1)[0] ?? zookeeperConnect,
      chroot: parseConnectString(zookeeperConnect).chroot,
      timeoutMs: zookeeperSessionTimeoutMs,
      connectDeadlineMs: zookeeperConnectionTimeoutMs ?? zookeeperSessionTimeoutMs,
      limits: { maxInFlight: properties.zookeeperMaxInFlightRequests },
      clock,
      scheduler,
      random,
      onUncaught,
    },
  };
}

export function logManagerOptions(
  { properties }: BrokerConfig,
  { fs, clock, scheduler, random }: BrokerEnvironment,
  { brokerId, clusterId }: { readonly brokerId: BrokerId; readonly clusterId: string },
  callbacks: Pick<LogManagerOptions, 'configOf'> & Required<Pick<LogManagerOptions, 'onDirFailure'>>,
): LogManagerOptions {
  return {
    dirs: properties.logDirs,
    fs,
    clock,
    scheduler,
    random,
    flushMode: properties.logFlush,
    identity: { brokerId, clusterId },
    producerExpirationMs: properties.producerIdExpirationMs,
    checkpointIntervalMs: Math.max(1, properties.logFlushOffsetCheckpointIntervalMs),
    parallelLogs: properties.numRecoveryThreadsPerDataDir,
    ...callbacks,
  };
}
