import type { InjectOptions } from 'fastify';
import { onTestFinished } from 'vitest';
import { NO_LOG } from '../../../src/logger.ts';
import type { RestLimits } from '../../../src/rest/door/rest-limits.ts';
import { type RestServerOptions, restApp, startRestServer } from '../../../src/rest/rest-server.ts';
import { MemoryCluster, OWN } from './memory-cluster.ts';
import { systemClock, systemScheduler } from './system-ports.ts';

/** Time that a test waits for in vain is short. */
const SHORT: Partial<RestLimits> = {
  unknownTopicWaitMs: 20,
  retryDelayMs: 5,
  requestTimeoutMs: 2_000,
  heartbeatMs: 50,
  slowLeaderMs: 50,
  closeTimeoutMs: 500,
};

export const optionsFor = (cluster: MemoryCluster, limits: Partial<RestLimits> = {}): RestServerOptions => ({
  host: '127.0.0.1',
  port: 0,
  brokerId: OWN,
  clusterId: 'test-cluster',
  restListener: 'REST',
  hostName: 'this-machine',
  allowedHosts: ['kafka.example.com'],
  cluster,
  requests: cluster,
  clock: systemClock,
  scheduler: systemScheduler,
  logger: NO_LOG,
  limits: { ...SHORT, ...limits },
  metrics: async () => 'barnabas_up 1\n',
  health: () => ({ live: true, ready: false, reasons: ['not registered'] }),
});

/** A door without a socket, with what it is asked and what its cluster was asked. */
export const testDoor = async (limits: Partial<RestLimits> = {}) => {
  const cluster = new MemoryCluster();
  const { app } = await restApp(optionsFor(cluster, limits));
  onTestFinished(() => app.close());
  return { cluster, send: (request: InjectOptions) => app.inject(request) };
};

/** A door that listens. */
export const listeningDoor = async (limits: Partial<RestLimits> = {}, options: Partial<RestServerOptions> = {}) => {
  const cluster = new MemoryCluster();
  const server = await startRestServer({ ...optionsFor(cluster, limits), ...options });
  onTestFinished(() => server.close());
  return { cluster, server, port: server.port, url: `http://127.0.0.1:${server.port}` };
};
