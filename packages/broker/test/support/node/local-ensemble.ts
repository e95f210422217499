import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startZooKeeperServer, type ZooKeeperServer } from '@barnabas/zookeeper';
import { type Logger, NO_LOG, type RunningServer, startServer } from '../../../src/index.ts';
import { REAL } from './real-time.ts';

/** Short, so that a broker that is gone is soon known to be. */
export const SESSION_TIMEOUT_MS = 1500;

export type StartedServer = RunningServer & { readonly url: string; readonly dir: string };

/** An embedded ZooKeeper and a directory for the brokers of a test. `close` closes those that still run, too. */
export class LocalEnsemble {
  readonly dir: string;
  readonly zookeeper: ZooKeeperServer;
  readonly #servers: RunningServer[] = [];

  private constructor(dir: string, zookeeper: ZooKeeperServer) {
    this.dir = dir;
    this.zookeeper = zookeeper;
  }

  static async start(): Promise<LocalEnsemble> {
    const dir = await mkdtemp(join(tmpdir(), 'barnabas-brokers-'));
    const logger = { ...NO_LOG, trace: () => {}, fatal: () => {} };
    return new LocalEnsemble(dir, await startZooKeeperServer({ ...REAL, port: 0, tickTimeMs: 250, logger }));
  }

  /** The properties of broker `id` in the cluster under that chroot; its directory is `name`. */
  properties(id: number, name = `broker-${id}`, chroot = '/clusters/a'): string[] {
    return [
      `broker.id=${id}`,
      `zookeeper.connect=${this.zookeeper.connectString}${chroot}`,
      `zookeeper.session.timeout.ms=${SESSION_TIMEOUT_MS}`,
      'zookeeper.connection.timeout.ms=10000',
      'listeners=REST://127.0.0.1:0,PEERS://127.0.0.1:0',
      `log.dirs=${join(this.dir, name)}`,
      'default.replication.factor=3',
      'min.insync.replicas=2',
    ];
  }

  async startBroker(properties: readonly string[], logger: Logger = NO_LOG): Promise<StartedServer> {
    const server = await startServer({ ...REAL, properties: { overrides: properties }, logger });
    this.#servers.push(server);
    const { host, port } = server.listeners.get('REST') ?? { host: '', port: 0 };
    const dir = properties.find((property) => property.startsWith('log.dirs='))?.slice('log.dirs='.length) ?? '';
    return Object.assign(server, { url: `http://${host}:${port}`, dir });
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    await this.zookeeper.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}
