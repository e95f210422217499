import type { Clock, Random } from '@barnabas/model';
import type { LinkFactory } from '@barnabas/zookeeper';
import type { Direction } from '../network/simulated-connection.ts';
import type { SimulatedProcess } from '../network/simulated-process.ts';
import type { ClientEnd, ZooKeeperConnection } from './connection-ends.ts';
import { SimulatedLink } from './simulated-link.ts';

const BOTH: readonly Direction[] = ['toServer', 'toClient'];

/** A process that has clients, and its network to the server: where a test lets things go wrong. */
export class SimulatedHost {
  /** The scheduler of all that runs on this host; pausing it stalls the event loop. */
  readonly process: SimulatedProcess;
  /** Makes the links of sessions. */
  readonly links: LinkFactory;
  readonly #connect: (client: ClientEnd) => ZooKeeperConnection;
  readonly #held = new Set<Direction>();
  #connections: ZooKeeperConnection[] = [];

  /** @param connect opens a connection to the server */
  constructor(
    process: SimulatedProcess,
    surroundings: { readonly clock: Clock; readonly random: Random },
    connect: (client: ClientEnd) => ZooKeeperConnection,
  ) {
    this.process = process;
    this.#connect = connect;
    const dial = (client: ClientEnd) => this.#dial(client);
    this.links = ({ timeoutMs }) => new SimulatedLink({ ...surroundings, scheduler: process, dial }, timeoutMs);
  }

  /** Breaks the connections; what is under way in the directions of `lost` never arrives. Both ends hear of it. */
  cut(lost: readonly Direction[] = BOTH): void {
    for (const connection of this.#connections) connection.cut(lost, 'the network broke the connection');
  }

  /** Nothing arrives any more in these directions, and no one is told, until `release`; then it all does. */
  hold(directions: readonly Direction[] = BOTH): void {
    for (const direction of directions) {
      this.#held.add(direction);
      for (const connection of this.#connections) connection.hold(direction);
    }
  }

  release(): void {
    this.#held.clear();
    for (const connection of this.#connections) {
      for (const direction of BOTH) connection.release(direction);
    }
  }

  #dial(client: ClientEnd): ZooKeeperConnection {
    const connection = this.#connect(client);
    for (const direction of this.#held) connection.hold(direction);
    this.#connections = [...this.#connections.filter((other) => !other.isOver), connection];
    return connection;
  }
}
