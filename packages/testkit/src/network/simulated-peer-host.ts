import type { ApiName } from '@barnabas/protocol';
import type { PeerClient, PeerHandlers, TrafficClass } from '@barnabas/transport';
import type { CallerEnd, PeerConnection } from './peer-ends.ts';
import { SimulatedPeerClient } from './simulated-peer-client.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** What a process does through the network. */
export type HostNetwork = {
  dial(from: SimulatedPeerHost, to: string, caller: CallerEnd, lane: TrafficClass): PeerConnection;
  onRequest(from: string, to: string, api: ApiName, bytes: Uint8Array): void;
};

/** One process on the network: it may listen, and connect to others. */
export class SimulatedPeerHost {
  readonly name: string;
  readonly process: SimulatedProcess;
  readonly #network: HostNetwork;
  #handlers: PeerHandlers | undefined;

  /** Made by `SimulatedNetwork.newHost`. */
  constructor(name: string, process: SimulatedProcess, network: HostNetwork) {
    this.name = name;
    this.process = process;
    this.#network = network;
  }

  /** What it serves; undefined while it does not listen. */
  get handlers(): PeerHandlers | undefined {
    return this.#handlers;
  }

  /** From now on connections are accepted, until what this returns is called: open ones go on until they are cut. */
  listen(handlers: PeerHandlers): () => void {
    this.#handlers = handlers;
    return () => {
      this.#handlers = undefined;
    };
  }

  /** A client of the host of that name, which need not be there yet. */
  connect(to: string, clientId: string): PeerClient {
    return new SimulatedPeerClient(
      this.process,
      clientId,
      (caller, lane) => this.#network.dial(this, to, caller, lane),
      (api, bytes) => this.#network.onRequest(this.name, to, api, bytes),
    );
  }
}
