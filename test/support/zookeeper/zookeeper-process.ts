import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const BARNABAS = join(import.meta.dirname, '../../../packages/cli/bin/barnabas.js');

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** `barnabas zookeeper start` as a process of its own, on a data directory. Ends with `stop` or `kill`. */
export class ZooKeeperProcess {
  readonly host: string;
  /** The same one after a restart. */
  readonly port: number;
  readonly #dataDir: string;
  #child: Child;

  private constructor(dataDir: string, { child, host, port }: Launched) {
    this.#dataDir = dataDir;
    this.host = host;
    this.port = port;
    this.#child = child;
  }

  /** Resolves when it serves clients. */
  static async start(dataDir: string): Promise<ZooKeeperProcess> {
    return new ZooKeeperProcess(dataDir, await launch(dataDir, 0));
  }

  /** `host:port` */
  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** SIGKILL, and a new process on the same directory and port. */
  async killAndStartAgain(): Promise<void> {
    await this.kill();
    this.#child = (await launch(this.#dataDir, this.port)).child;
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }
}

type Launched = { readonly child: Child; readonly host: string; readonly port: number };

async function launch(dataDir: string, port: number): Promise<Launched> {
  const args = [BARNABAS, 'zookeeper', 'start', '--data-dir', dataDir, '--port', `${port}`, '--tick-time', '1000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // Ends with the test's process at the latest.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    const [, host, itsPort] = /\bon ([\d.]+):(\d+)/.exec(line) ?? [];
    if (host !== undefined) {
      child.stdout.resume();
      return { child, host, port: Number(itsPort) };
    }
  }
  throw new Error(`barnabas zookeeper start ended:\n${said}`);
}
