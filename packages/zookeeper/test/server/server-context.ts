import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import type { ServerConfig } from '../../src/server/server-options.ts';
import { startZooKeeperServer } from '../../src/server/start-zookeeper-server.ts';
import type { ZooKeeperServer } from '../../src/server/zookeeper-server.ts';
import { LogLines } from '../support/server/log-lines.ts';

/** Servers on real ports, of which time stands still unless a test moves it. Ends with `close`. */
export class ServerContext {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'zookeeper-server-'));
  readonly clock = new SimulatedClock();
  readonly scheduler: SimulatedScheduler;
  readonly logger = new LogLines();
  readonly #servers: ZooKeeperServer[] = [];

  /** @param settle what to wait for between two timers; by default a turn of the event loop */
  constructor(settle?: () => Promise<void>) {
    this.scheduler = new SimulatedScheduler(this.clock, settle);
  }

  async start(config: Partial<ServerConfig> & Pick<Parameters<typeof startZooKeeperServer>[0], 'fileSystem'> = {}) {
    const { clock, scheduler, logger } = this;
    const random = seededRandom(1);
    const server = await startZooKeeperServer({ port: 0, ...config, clock, scheduler, random, logger });
    this.#servers.push(server);
    return server;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    rmSync(this.dataDir, { recursive: true });
  }
}
