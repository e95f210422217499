import type { PeerHandlers } from '@barnabas/transport';
import type { Listener } from '../config/listeners.ts';
import type { BrokerEnvironment, RestDoor, Served } from './broker-environment.ts';

export type Address = { readonly host: string; readonly port: number };

export type BehindDoors = RestDoor & { readonly handlers: PeerHandlers };

type OpenDoor = { readonly listener: Listener; readonly served: Served };

/** The listeners of a broker that are open. `open` once, `close` once, also after an `open` that failed. */
export class Doors {
  readonly #open: OpenDoor[] = [];

  /** Rejects where one cannot be listened on; those before it are open then. */
  async open(listeners: readonly Listener[], environment: BrokerEnvironment, behind: BehindDoors): Promise<void> {
    for (const listener of listeners) {
      const served = await openDoor(listener, environment, behind);
      if (served !== undefined) this.#open.push({ listener, served });
    }
  }

  /** That are listened on, by the name of the listener. */
  get ports(): ReadonlyMap<string, number> {
    return new Map(this.#open.map(({ listener, served }) => [listener.name, served.port]));
  }

  /** Where others find them. */
  get addresses(): ReadonlyMap<string, Address> {
    return new Map(
      this.#open.map(({ listener: { name, host, advertised }, served: { port } }) => [
        name,
        { host: advertised?.host ?? host ?? '', port: advertised?.port || port },
      ]),
    );
  }

  /** At the same time: who waits at one may wait for another. */
  async close(): Promise<void> {
    await Promise.all(this.#open.map(({ served }) => served.close()));
  }
}

async function openDoor(
  listener: Listener,
  environment: BrokerEnvironment,
  { handlers, ...door }: BehindDoors,
): Promise<Served | undefined> {
  switch (listener.kind) {
    case 'peers':
      return environment.servePeers(listener, handlers);
    case 'rest':
      return environment.serveRest?.(listener, door);
    case 'kafka':
      return environment.serveKafka?.(listener, handlers);
  }
}
