import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardFor } from '../guard.ts';
import { type ProcessUsage, processUsage } from './process-usage.ts';

const ROOT = join(import.meta.dirname, '../../..');
const BARNABAS = join(ROOT, 'packages/cli/bin/barnabas.js');
const PROPERTIES = join(ROOT, 'config/server.properties');

export type BrokerSettings = {
  readonly id: number;
  /** Its files lie in here: `data` and `log`. */
  readonly dir: string;
  readonly restPort: number;
  readonly kafkaPort: number;
  readonly peersPort: number;
  readonly zookeeperConnect: string;
  /** Over those of config/server.properties. */
  readonly properties: Readonly<Record<string, string>>;
};

/** `barnabas server` as a process of its own, which can be killed, halted and started again. Gone with this process at the latest. */
export class BrokerProcess {
  readonly id: number;
  readonly restUrl: string;
  /** For clients of Kafka's protocol: `host:port`. */
  readonly kafkaAddress: string;
  readonly peersPort: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly #settings: BrokerSettings;
  #child: ChildProcess | undefined;
  #isHalted = false;

  constructor(settings: BrokerSettings) {
    this.#settings = settings;
    this.id = settings.id;
    this.restUrl = `http://127.0.0.1:${settings.restPort}`;
    this.kafkaAddress = `127.0.0.1:${settings.kafkaPort}`;
    this.peersPort = settings.peersPort;
    this.dataDir = join(settings.dir, 'data');
    this.logFile = join(settings.dir, 'log');
    mkdirSync(settings.dir, { recursive: true });
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Running, and not halted. */
  get isAwake(): boolean {
    return this.isRunning && !this.#isHalted;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`broker ${this.id} was never started`);
    return this.#child.pid;
  }

  /** Starts the process, and does not wait for it. */
  start(): void {
    if (this.isRunning) throw new Error(`broker ${this.id} is running`);
    const output = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [BARNABAS, 'server', PROPERTIES, ...this.#overrides()], {
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const guard = guardFor(child);
    child.once('exit', () => guard?.kill('SIGKILL'));
    this.#child = child;
    this.#isHalted = false;
  }

  /** Resolves when it says that it is ready; rejects with the end of its log when it ends or that takes too long. */
  async whenReady(timeoutMs = 30_000): Promise<void> {
    const giveUpAtMs = performance.now() + timeoutMs;
    while (!(await this.#isReady())) {
      if (!this.isRunning) throw new Error(`broker ${this.id} has ended:\n${this.lastLines()}`);
      if (performance.now() > giveUpAtMs) throw new Error(`broker ${this.id} is not ready:\n${this.lastLines()}`);
      await sleep(20);
    }
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM: controlled shutdown. Resolves with its exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  /** SIGSTOP: it is there, and does nothing. */
  halt(): void {
    this.#isHalted = true;
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#isHalted = false;
    this.#child?.kill('SIGCONT');
  }

  /** As after a new disk. */
  wipe(): void {
    if (this.isRunning) throw new Error(`broker ${this.id} is running`);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  usage(): ProcessUsage {
    return processUsage(this.pid);
  }

  lastLines(count = 15): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.restUrl}/ready`, { signal: AbortSignal.timeout(1000) });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.isRunning || this.#child === undefined) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  #overrides(): string[] {
    const { id, restPort, peersPort, zookeeperConnect, properties } = this.#settings;
    const all = {
      'broker.id': `${id}`,
      listeners: `KAFKA://${this.kafkaAddress},REST://127.0.0.1:${restPort},PEERS://127.0.0.1:${peersPort}`,
      'log.dirs': this.dataDir,
      'zookeeper.connect': zookeeperConnect,
      ...properties,
    };
    return Object.entries(all).flatMap(([name, value]) => ['--override', `${name}=${value}`]);
  }
}
