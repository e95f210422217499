import type { Clock, Scheduler, Timer } from '@barnabas/model';
import type { Engine } from './engine/engine.ts';
import { answerTo, type FourLetterWord, isKnownWord } from './four-letter/four-letter-words.ts';
import type { ServerView } from './four-letter/server-view.ts';
import type { Logger } from './logger.ts';
import type { OpenDataDir } from './persistence/data-dir.ts';
import type { ResolvedConfig } from './server-options.ts';
import type { SnapshotKeeper } from './snapshot-keeper.ts';
import type { ConnectionHost } from './tcp/client-connection.ts';
import { ClientListener } from './tcp/client-listener.ts';
import type { Said } from './tcp/client-output.ts';
import { connectString } from './tcp/connect-string.ts';
import { DEFAULT_CONNECTION_LIMITS } from './tcp/connection-limits.ts';
import type { OutputGate } from './tcp/output-gate.ts';
import { Traffic } from './tcp/traffic.ts';
import { SERVER_VERSION } from './version.ts';
import type { Recovery, ZooKeeperServer } from './zookeeper-server.ts';

/** Containers, and znodes past their TTL, that are removed before the event loop gets its turn. */
const REAPED_AT_ONCE = 1000;

export type ServerParts = {
  readonly config: ResolvedConfig;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly engine: Engine;
  readonly gate: OutputGate<Said>;
  readonly recovery: Recovery;
  /** Undefined where all is kept in memory. */
  readonly storage: { readonly dataDir: OpenDataDir; readonly snapshots: SnapshotKeeper } | undefined;
};

/**
 * An engine with its surroundings: brings it requests from the port and the passing of time, its transactions to the disk
 * and its answers, after that, to the clients.
 */
export class RunningServer implements ZooKeeperServer {
  readonly recovery: Recovery;
  readonly failed: Promise<Error>;
  readonly #parts: ServerParts;
  readonly #traffic = new Traffic();
  readonly #words: ReadonlySet<FourLetterWord>;
  readonly #startedMs: number;
  #listener: ClientListener | undefined;
  #expiryTimer: Timer | undefined;
  #containerTimer: Timer | undefined;
  /** More is to be reaped in the next turn of the event loop. */
  #isReaping = false;
  #failure: Error | undefined;
  #tellFailed: (error: Error) => void = () => {};
  #closing: Promise<void> | undefined;

  private constructor(parts: ServerParts) {
    this.#parts = parts;
    this.recovery = parts.recovery;
    this.#words = new Set(parts.config.fourLetterWords);
    this.#startedMs = parts.clock.steadyMs();
    this.failed = new Promise((resolve) => {
      this.#tellFailed = resolve;
    });
  }

  /** Resolves when it serves. Rejects with the system's error where the port cannot be had. */
  static async start(parts: ServerParts): Promise<RunningServer> {
    const server = new RunningServer(parts);
    await server.#start();
    return server;
  }

  get host(): string {
    return this.#listener?.host ?? this.#parts.config.host;
  }

  get port(): number {
    return this.#listener?.port ?? this.#parts.config.port;
  }

  get connectString(): string {
    return connectString(this.host, this.port);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { config, gate, scheduler, storage } = this.#parts;
    storage?.dataDir.txnLog.listen({
      durable: (zxid) => gate.durable(zxid),
      failed: (error) => this.#fail(error),
      snapshotDue: () => void storage.snapshots.take(),
    });
    this.#listener = await ClientListener.listen(config, config.maxClientConnections, this.#connectionHost());
    this.#awaitExpiry();
    this.#containerTimer = scheduler.every(config.containerCheckIntervalMs, () => {
      if (!this.#isReaping) this.#reap();
    });
    if (this.#failure !== undefined) this.#listener.abort();
  }

  #connectionHost(): ConnectionHost {
    const { config, engine, gate, clock, scheduler, logger } = this.#parts;
    return {
      engine,
      gate,
      clock,
      scheduler,
      logger,
      limits: {
        ...DEFAULT_CONNECTION_LIMITS,
        maxFrameBytes: config.maxFrameBytes,
        // An answer may be as large as what was written with one request, and a little more.
        maxOutputBytes: Math.max(DEFAULT_CONNECTION_LIMITS.maxOutputBytes, 2 * config.maxFrameBytes),
        handshakeTimeoutMs: config.handshakeTimeoutMs,
      },
      traffic: this.#traffic,
      isWord: isKnownWord,
      answerTo: (word) => answerTo(word, this.#view(), this.#words),
      failed: (error) => this.#fail(error),
    };
  }

  /**
   * Whatever clients have sent by then is executed before: after a pause of the whole process, those that went on sending
   * signs of life meanwhile are not taken for dead.
   */
  #awaitExpiry(): void {
    const { engine, clock, scheduler } = this.#parts;
    this.#expiryTimer = scheduler.after(Math.max(0, engine.nextExpiryMs - clock.steadyMs()), () => {
      setImmediate(() => {
        if (this.#failure !== undefined || this.#closing !== undefined) return;
        this.#act(() => engine.expireSessions());
        this.#awaitExpiry();
      });
    });
  }

  /** A slice of what is to be reaped; the next one when clients have had their turn. */
  #reap(): void {
    this.#isReaping = false;
    if (this.#failure !== undefined || this.#closing !== undefined) return;
    this.#act(() => {
      this.#isReaping = this.#parts.engine.reapContainers(REAPED_AT_ONCE);
      if (this.#isReaping) setImmediate(() => this.#reap());
    });
  }

  /** Has the engine do something that no client asked for. */
  #act(action: () => void): void {
    try {
      action();
      this.#parts.gate.release();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = cause instanceof Error ? cause : new Error(String(cause));
    this.#parts.logger.error({ err: this.#failure }, 'the server has failed, and answers nothing any more');
    this.#parts.gate.shut();
    this.#cancelTimers();
    this.#listener?.abort();
    this.#tellFailed(this.#failure);
  }

  async #close(): Promise<void> {
    const { storage } = this.#parts;
    this.#cancelTimers();
    await this.#listener?.close();
    if (storage === undefined) return;
    try {
      if (this.#failure === undefined) await storage.snapshots.take();
    } finally {
      await storage.dataDir.close();
    }
  }

  #cancelTimers(): void {
    this.#expiryTimer?.cancel();
    this.#containerTimer?.cancel();
  }

  #view(): ServerView {
    const { config, engine, clock, storage } = this.#parts;
    const connections = [...(this.#listener?.connections ?? [])];
    return {
      version: SERVER_VERSION,
      uptimeMs: clock.steadyMs() - this.#startedMs,
      config: { ...config, host: this.host, port: this.port },
      tree: engine.statistics(),
      traffic: this.#traffic,
      outstandingRequests: connections.reduce((sum, { outstanding }) => sum + outstanding, 0),
      connections: connections.map((connection) => connection.view()),
      snapshotsTaken: storage?.snapshots.takenCount ?? 0,
    };
  }
}
