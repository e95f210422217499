import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '@barnabas/client';
import { brokerDir, type ClusterSettings, restUrl, zookeeperDir } from '../../src/local-cluster/cluster-settings.ts';
import { freeOffset } from '../../src/local-cluster/free-offset.ts';
import { runningProcess, type StartedProcess } from '../../src/processes/process-file.ts';
import { send } from '../../src/processes/stop-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/barnabas.js', import.meta.url));

export type Ended = { readonly exit: number | null; readonly out: string; readonly err: string };

/** A data directory and ports of its own, and the commands that use them, as processes. */
export class LocalCluster {
  readonly settings: ClusterSettings;
  readonly #children: ChildProcess[] = [];
  readonly #clients: Client[] = [];

  private constructor(settings: ClusterSettings) {
    this.settings = settings;
  }

  static async make(): Promise<LocalCluster> {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-cluster-'));
    const settings = { brokers: 3, portOffset: 0, dataDir, zookeeperConnect: undefined, overrides: [] };
    return new LocalCluster({ ...settings, portOffset: await freeOffset(settings, {}) });
  }

  start(command: string, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
    const { dataDir, portOffset } = this.settings;
    const child = spawn(process.execPath, [LAUNCHER, command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DATA_DIR: dataDir, PORT_OFFSET: `${portOffset}`, ...environment },
    });
    this.#children.push(child);
    return child;
  }

  async run(command: string, args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const child = this.start(command, args, environment);
    const [out, err, [exit]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { exit, out, err };
  }

  /** The process of broker `id`, or of ZooKeeper, if it runs. */
  process(id: number | 'zookeeper'): StartedProcess | undefined {
    return runningProcess(id === 'zookeeper' ? zookeeperDir(this.settings) : brokerDir(this.settings, id));
  }

  pids(): (number | undefined)[] {
    return (['zookeeper', 1, 2, 3] as const).map((id) => this.process(id)?.pid);
  }

  /** A client of some of the brokers. */
  client(...ids: number[]): Client {
    const client = createClient({ servers: ids.map((id) => restUrl(this.settings, id)), requestTimeoutMs: 5000 });
    this.#clients.push(client);
    return client;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) await client.close();
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const id of ['zookeeper', 1, 2, 3] as const) {
      const running = this.process(id);
      if (running !== undefined) send(running, 'SIGKILL');
      while (this.process(id) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    rmSync(this.settings.dataDir, { recursive: true });
  }
}
