import type { Clock, Random, Scheduler } from '@barnabas/model';
import type { TrafficClass } from '@barnabas/transport';
import type { CalledEnd, CallerEnd, PeerConnection } from './peer-ends.ts';
import { SimulatedConnection } from './simulated-connection.ts';
import { SimulatedPeerHost } from './simulated-peer-host.ts';
import { servedBy } from './simulated-peer-server.ts';
import { SimulatedPipe } from './simulated-pipe.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export type SimulatedNetworkOptions = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Of each message, drawn anew; whole milliseconds. 0 to 3 by default. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
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
  /** Pairs between which nothing gets through, as `a b` with a < b. */
  readonly #silent = new Set<string>();
  #links: Link[] = [];

  constructor(options: SimulatedNetworkOptions) {
    this.#options = options;
  }

  /** A process under that name: from now on it is who is reached by it. */
  newHost(name: string, process: SimulatedProcess): SimulatedPeerHost {
    const host = new SimulatedPeerHost(name, process, (from, to, caller, lane) =>
      this.#connect(from, to, caller, lane),
    );
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
    this.#cut(({ from, to }) => pairOf(from.name, to) === pairOf(a, b));
  }

  /** Nothing gets through between the two, and nobody is told, until `heal`. */
  silence(a: string, b: string): void {
    this.#silent.add(pairOf(a, b));
    for (const { from, to, connection } of this.#links) {
      if (pairOf(from.name, to) === pairOf(a, b)) for (const way of BOTH) connection.hold(way);
    }
  }

  /** What was held between the two arrives now. */
  heal(a: string, b: string): void {
    this.#silent.delete(pairOf(a, b));
    for (const { from, to, connection } of this.#links) {
      if (pairOf(from.name, to) === pairOf(a, b)) for (const way of BOTH) connection.release(way);
    }
  }

  healAll(): void {
    for (const pair of [...this.#silent]) {
      const [a, b] = pair.split(' ');
      if (a !== undefined && b !== undefined) this.heal(a, b);
    }
  }

  #cut(isMeant: (link: Link) => boolean): void {
    for (const link of this.#links.filter(isMeant)) link.connection.cut(BOTH, 'the connection was reset');
    this.#links = this.#links.filter(({ connection }) => !connection.isOver);
  }

  #connect(from: SimulatedPeerHost, to: string, caller: CallerEnd, lane: TrafficClass): PeerConnection {
    // The promises of a dead process may go on: what they send reaches nobody.
    const called = from.process.isDead ? undefined : this.#hosts.get(to);
    const pipes = { toServer: this.#pipeTo(called?.process), toClient: this.#pipeTo(from.process) };
    const served =
      called?.handlers === undefined ? NOBODY : servedBy(called.handlers, lane, from.name, () => connection);
    const connection: PeerConnection = new SimulatedConnection<CallerEnd, CalledEnd>(pipes, caller, served);
    if (this.#silent.has(pairOf(from.name, to))) for (const way of BOTH) connection.hold(way);
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

function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
