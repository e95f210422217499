import { messageOf } from './docker-error.ts';
import type { Ensemble } from './ensemble.ts';
import { javaEnsemble } from './java-ensemble.ts';
import { findOrigin, findOriginBesideDocker } from './origin.ts';
import { say } from './say.ts';
import type { ServerSettings } from './server-config.ts';

export type RealZooKeeperOptions = Partial<ServerSettings> & {
  /** One server by itself, or an ensemble of three. */
  readonly servers: 1 | 3;
};

/** Nothing is reaped during a test, and no session ends that is not meant to. */
const DEFAULTS: ServerSettings = {
  tickTimeMs: 500,
  sessionTimeoutMsMax: 60_000,
  containerCheckIntervalMs: 60 * 60_000,
  fsync: false,
};

/** A ZooKeeper for clients alone: whose it is and how it is configured is not known. */
export type ZooKeeperForClients = { readonly connectString: string; stop(): Promise<void> };

/** The ensemble that runs at ZOOKEEPER_CONNECT, for tests that need no more than that; else one as of `realZooKeeper`. */
export const zooKeeperForClients = async (options: RealZooKeeperOptions): Promise<ZooKeeperForClients> => {
  const { ZOOKEEPER_CONNECT: connectString } = process.env;
  return connectString === undefined ? realZooKeeper(options) : { connectString, stop: async () => {} };
};

/**
 * Starts a real ZooKeeper that a test has for itself, to configure, kill and halt it; `findOrigin` says where from.
 * Resolves when all of its servers serve clients. Whoever calls it stops it; it is gone with the test process at the latest.
 */
export const realZooKeeper = async ({ servers, ...settings }: RealZooKeeperOptions): Promise<Ensemble> => {
  if (process.env.ZOOKEEPER_CONNECT !== undefined) {
    say('these tests configure, kill or halt servers: they do not use ZOOKEEPER_CONNECT, and start some of their own');
  }
  const ensemble = await makeEnsemble(servers, { ...DEFAULTS, ...settings });
  await ensemble.start();
  return ensemble;
};

const makeEnsemble = async (servers: number, settings: ServerSettings): Promise<Ensemble> => {
  let origin = await findOrigin();
  if (origin.type === 'docker') {
    try {
      // With what it needs, it is only loaded where there is Docker.
      const { dockerEnsemble } = await import('./docker-ensemble.ts');
      return await dockerEnsemble(servers, settings);
    } catch (error) {
      origin = await findOriginBesideDocker(messageOf(error));
    }
  }
  if (origin.type === 'java') return javaEnsemble(origin.classPath, servers, settings);
  throw new Error(`there is no ZooKeeper to start:\n${origin.type === 'none' ? origin.reasons.join('\n') : ''}`);
};
