import type { PeerClient, PeerHandlers, TrafficClass } from '@barnabas/transport';
import type { CallerEnd, PeerConnection } from './peer-ends.ts';
import { SimulatedPeerClient } from './simulated-peer-client.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** One process on the network: it may listen, and connect to others. */
export class SimulatedPeerHost {
  readonly name: string;
  readonly process: SimulatedProcess;
  readonly #dial: (from: SimulatedPeerHost, to: string, caller: CallerEnd, lane: TrafficClass) => PeerConnection;
  #handlers: PeerHandlers | undefined;

  /** Made by `SimulatedNetwork.newHost`. */
  constructor(
    name: string,
    process: SimulatedProcess,
    dial: (from: SimulatedPeerHost, to: string, caller: CallerEnd, lane: TrafficClass) => PeerConnection,
  ) {
    this.name = name;
    this.process = process;
    this.#dial = dial;
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
    return new SimulatedPeerClient(this.process, clientId, (caller, lane) => this.#dial(this, to, caller, lane));
  }
}
