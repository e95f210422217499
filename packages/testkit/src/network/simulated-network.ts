import type { Clock, Random, Scheduler } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import type { TrafficClass } from '@barnabas/transport';
import type { CalledEnd, CallerEnd, PeerConnection } from './peer-ends.ts';
import { type Direction, SimulatedConnection } from './simulated-connection.ts';
import { type HostNetwork, SimulatedPeerHost } from './simulated-peer-host.ts';
import { servedBy } from './simulated-peer-server.ts';
import { SimulatedPipe } from './simulated-pipe.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export type SimulatedNetworkOptions = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Of each message, drawn anew; whole milliseconds. 0 to 3 by default. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** Is told of each message when it is sent, whether it arrives or not. */
  readonly onMessage?: (message: SentMessage) => void;
};

export type SentMessage = {
  readonly from: string;
  readonly to: string;
  readonly api: ApiName;
  readonly part: 'request' | 'response';
  readonly bytes: Uint8Array;
};

type Link = { readonly from: SimulatedPeerHost; readonly to: string; readonly connection: PeerConnection };

const BOTH = ['toServer', 'toClient'] as const;
const NOBODY: CalledEnd = { accept() {}, request() {}, lost() {} };

/**
 * The network between brokers, by messages: each takes its time, those of one connection stay in order, and links are cut or
 * fall silent as a test asks. Everything follows from the random and the calls.
 */
export class SimulatedNetwork {
  readonly #options: SimulatedNetworkOptions;
  readonly #hosts = new Map<string, SimulatedPeerHost>();
  /** Ways on which nothing gets through, as `from to`. */
  readonly #silent = new Set<string>();
  #links: Link[] = [];

  constructor(options: SimulatedNetworkOptions) {
    this.#options = options;
  }

  /** A process under that name: from now on it is who is reached by it. */
  newHost(name: string, process: SimulatedProcess): SimulatedPeerHost {
    const network: HostNetwork = {
      dial: (from, to, caller, lane) => this.#connect(from, to, caller, lane),
      onRequest: (from, to, api, bytes) => this.#options.onMessage?.({ from, to, api, part: 'request', bytes }),
    };
    const host = new SimulatedPeerHost(name, process, network);
    this.#hosts.set(name, host);
    return host;
  }

  /** The process is gone, its connections with it: the others hear of it, as when a system closes a dead process's sockets. */
  kill(host: SimulatedPeerHost): void {
    host.process.kill();
    if (this.#hosts.get(host.name) === host) this.#hosts.delete(host.name);
    this.#cut(({ from, to }) => from === host || to === host.name);
  }

  /** Breaks all connections between the two; what is under way is lost, and new ones can be made. */
  cut(a: string, b: string): void {
    this.#cut(({ from, to }) => (from.name === a && to === b) || (from.name === b && to === a));
  }

  /** Nothing gets through between the two, and nobody is told, until `heal`. */
  silence(a: string, b: string): void {
    this.silenceOneWay(a, b);
    this.silenceOneWay(b, a);
  }

  /** Nothing that `from` sends gets to `to`, and nobody is told, until `heal`; the other way all does. */
  silenceOneWay(from: string, to: string): void {
    this.#silent.add(wayOf(from, to));
    for (const link of this.#links) if (isWayOf(link, from, to)) link.connection.hold(directionOf(link, from));
  }

  /** What was held between the two arrives now. */
  heal(a: string, b: string): void {
    this.#healOneWay(a, b);
    this.#healOneWay(b, a);
  }

  healAll(): void {
    for (const way of [...this.#silent]) {
      const [from, to] = way.split(' ');
      if (from !== undefined && to !== undefined) this.#healOneWay(from, to);
    }
  }

  #healOneWay(from: string, to: string): void {
    this.#silent.delete(wayOf(from, to));
    for (const link of this.#links) if (isWayOf(link, from, to)) link.connection.release(directionOf(link, from));
  }

  #cut(isMeant: (link: Link) => boolean): void {
    for (const link of this.#links.filter(isMeant)) link.connection.cut(BOTH, 'the connection was reset');
    this.#links = this.#links.filter(({ connection }) => !connection.isOver);
  }

  #connect(from: SimulatedPeerHost, to: string, caller: CallerEnd, lane: TrafficClass): PeerConnection {
    // The promises of a dead process may go on: what they send reaches nobody.
    const called = from.process.isDead ? undefined : this.#hosts.get(to);
    const pipes = { toServer: this.#pipeTo(called?.process), toClient: this.#pipeTo(from.process) };
    const onMessage = (api: ApiName, bytes: Uint8Array) =>
      this.#options.onMessage?.({ from: to, to: from.name, api, part: 'response', bytes });
    const served =
      called?.handlers === undefined ? NOBODY : servedBy(called.handlers, lane, from.name, () => connection, onMessage);
    const connection: PeerConnection = new SimulatedConnection<CallerEnd, CalledEnd>(pipes, caller, served);
    if (this.#silent.has(wayOf(from.name, to))) connection.hold('toServer');
    if (this.#silent.has(wayOf(to, from.name))) connection.hold('toClient');
    if (served === NOBODY) connection.closeByServer(`nobody listens at ${to}`);
    else connection.tellServer((server) => server.accept());
    this.#links = [...this.#links.filter((link) => !link.connection.isOver), { from, to, connection }];
    return connection;
  }

  /** Whoever is not there hears nothing. */
  #pipeTo(receiver: SimulatedProcess | undefined): SimulatedPipe {
    const { random, latencyMs = { min: 0, max: 3 } } = this.#options;
    const drawMs = () => latencyMs.min + random.below(latencyMs.max - latencyMs.min + 1);
    return new SimulatedPipe({ ...this.#options, latencyMs: drawMs }, receiver ?? { run: () => {} });
  }
}

const wayOf = (from: string, to: string): string => `${from} ${to}`;

const isWayOf = (link: Link, from: string, to: string): boolean =>
  (link.from.name === from && link.to === to) || (link.from.name === to && link.to === from);

const directionOf = (link: Link, from: string): Direction => (link.from.name === from ? 'toServer' : 'toClient');
