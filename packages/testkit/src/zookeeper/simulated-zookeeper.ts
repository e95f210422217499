import type { Clock, Random, Scheduler, Timer } from '@barnabas/model';
import {
  type Connection,
  Engine,
  type EngineOptions,
  type LoggedTxn,
  type Peer,
  type TreeImage,
} from '@barnabas/zookeeper';
import { SimulatedConnection } from '../network/simulated-connection.ts';
import { SimulatedPipe } from '../network/simulated-pipe.ts';
import { SimulatedProcess } from '../network/simulated-process.ts';
import type { ClientEnd, ServerEnd, ZooKeeperConnection } from './connection-ends.ts';
import { SimulatedHost } from './simulated-host.ts';

export type SimulatedZooKeeperOptions = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Of each message, drawn anew; whole milliseconds. 1 to 5 by default. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** 500 by default; session timeouts are between 2 and 20 of it. */
  readonly tickTimeMs?: number;
};

/**
 * A single ZooKeeper server, which is its own leader, in simulated time: the embedded server's own state machine, behind a network that delays, loses and
 * holds, under faults that a test asks for. Each host is one process with clients; what it makes of its links is the test's.
 * Everything that happens follows from the random and from the calls. What is committed is on the disk at once.
 */
export class SimulatedZooKeeper {
  /** The server's process: while it is paused it answers nothing, and nobody is told. */
  readonly process: SimulatedProcess;
  readonly #options: SimulatedZooKeeperOptions;
  readonly #tickTimeMs: number;
  /** What the server has of each connection. */
  readonly #connections = new Map<ZooKeeperConnection, Connection>();
  readonly #start: TreeImage;
  readonly #journal: LoggedTxn[] = [];
  #engine: Engine | undefined;
  #tick: Timer;
  #isRefusing = false;

  constructor(options: SimulatedZooKeeperOptions) {
    this.#options = options;
    this.#tickTimeMs = options.tickTimeMs ?? 500;
    this.process = new SimulatedProcess(options.scheduler);
    const engine = new Engine(this.#engineOptions());
    this.#engine = engine;
    this.#start = engine.image();
    this.#tick = this.process.every(this.#tickTimeMs, () => this.#engine?.expireSessions());
  }

  /** All that was ever committed, in order. */
  get journal(): readonly LoggedTxn[] {
    return this.#journal;
  }

  /** Everything as it is now; undefined while the server is down. */
  image(): TreeImage | undefined {
    return this.#engine?.image();
  }

  newHost(): SimulatedHost {
    const process = new SimulatedProcess(this.#options.scheduler);
    return new SimulatedHost(process, this.#options, (client) => this.#connect(client, process));
  }

  /** The server ends the session now, as if it had expired; its client's connection is closed. */
  expire(sessionId: bigint): void {
    this.process.run(() => {
      const thief = this.#engine?.attach(DEAF);
      const password = passwordOf(sessionId);
      thief?.connect({ protocolVersion: 0, lastZxidSeen: 0, timeoutMs: 0, sessionId, password });
      thief?.request(1, { op: 'closeSession' });
    });
  }

  /** Somebody else deletes the znode, if it is there. */
  delete(path: string): void {
    this.process.run(() => {
      const other = this.#engine?.attach(DEAF);
      other?.connect({ protocolVersion: 0, lastZxidSeen: 0, timeoutMs: 0, sessionId: 0n, password: null });
      other?.request(1, { op: 'delete', path, version: -1 });
      other?.request(2, { op: 'closeSession' });
    });
  }

  /** New connections are refused, or no more. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
  }

  /** The process dies: what it has sent still arrives, and nothing else. */
  kill(): void {
    this.#tick.cancel();
    this.#engine = undefined;
    for (const connection of this.#connections.keys()) connection.closeByServer('the server died');
    this.#connections.clear();
  }

  /** Starts a server on what the last one has logged. */
  restart(): void {
    this.kill();
    this.#engine = Engine.restore(this.#start, [...this.#journal], this.#engineOptions());
    this.#tick = this.process.every(this.#tickTimeMs, () => this.#engine?.expireSessions());
  }

  #engineOptions(): EngineOptions {
    return {
      clock: this.#options.clock,
      tickTimeMs: this.#tickTimeMs,
      minSessionTimeoutMs: 2 * this.#tickTimeMs,
      maxSessionTimeoutMs: 20 * this.#tickTimeMs,
      extendedTypes: true,
      serverId: 1,
      passwordOf,
      journal: { append: (logged) => this.#journal.push(logged) },
    };
  }

  #connect(client: ClientEnd, clientProcess: SimulatedProcess): ZooKeeperConnection {
    const pipes = { toServer: this.#pipeTo(this.process), toClient: this.#pipeTo(clientProcess) };
    const connection: ZooKeeperConnection = new SimulatedConnection<ClientEnd, ServerEnd>(pipes, client, {
      accept: () => this.#accept(connection),
      connect: (request) => this.#connections.get(connection)?.connect(request),
      request: (xid, request) => this.#connections.get(connection)?.request(xid, request),
      lost: () => this.#forget(connection),
    });
    connection.tellServer((server) => server.accept());
    return connection;
  }

  #accept(connection: ZooKeeperConnection): void {
    if (this.#engine === undefined || this.#isRefusing) {
      connection.closeByServer('connection refused');
      return;
    }
    const peer: Peer = {
      address: '127.0.0.1',
      connected: (response) => connection.tellClient((client) => client.connected(response)),
      replied: (header, reply) => connection.tellClient((client) => client.replied(header, reply)),
      notified: (event) => connection.tellClient((client) => client.notified(event)),
      closed: (reason) => {
        this.#connections.delete(connection);
        connection.closeByServer(reason);
      },
    };
    this.#connections.set(connection, this.#engine.attach(peer));
    connection.tellClient((client) => client.accepted());
  }

  #forget(connection: ZooKeeperConnection): void {
    this.#connections.get(connection)?.lost();
    this.#connections.delete(connection);
  }

  #pipeTo(receiver: SimulatedProcess): SimulatedPipe {
    const { random, latencyMs = { min: 1, max: 5 } } = this.#options;
    const drawMs = () => latencyMs.min + random.below(latencyMs.max - latencyMs.min + 1);
    return new SimulatedPipe({ ...this.#options, latencyMs: drawMs }, receiver);
  }
}

/** Hears what the server says to one who takes a session over, and minds nothing. */
const DEAF: Peer = { address: '127.0.0.1', connected() {}, replied() {}, notified() {}, closed() {} };

function passwordOf(sessionId: bigint): Uint8Array {
  const password = new Uint8Array(16);
  new DataView(password.buffer).setBigInt64(0, sessionId);
  return password;
}
