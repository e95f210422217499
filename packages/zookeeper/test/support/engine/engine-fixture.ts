import { SimulatedClock } from '@barnabas/testkit';
import { Engine, type EngineOptions, type LoggedTxn, type TreeImage } from '../../../src/index.ts';
import { EngineClient } from './engine-client.ts';

export const TICK_MS = 2000;

/** An engine on a clock that stands still, its journal, and clients of it. */
export class EngineFixture {
  readonly clock = new SimulatedClock();
  readonly journal: LoggedTxn[] = [];
  readonly options: EngineOptions;
  engine: Engine;

  constructor(changes: Partial<EngineOptions> = {}) {
    this.options = {
      tickTimeMs: TICK_MS,
      minSessionTimeoutMs: 2 * TICK_MS,
      maxSessionTimeoutMs: 20 * TICK_MS,
      extendedTypes: true,
      clock: this.clock,
      passwordOf,
      serverId: 3,
      journal: { append: (logged) => this.journal.push(logged) },
      ...changes,
    };
    this.engine = new Engine(this.options);
  }

  /** A client with a session of its own. */
  connected(address?: string): EngineClient {
    const client = new EngineClient(this.engine, address);
    client.connect();
    return client;
  }

  /** Stops without a word, and goes on from an image and what was logged. */
  restart(image: TreeImage, txns: readonly LoggedTxn[]): void {
    this.engine = Engine.restore(image, txns, this.options);
  }
}

/** 16 bytes that tell the id; no secret. */
export function passwordOf(sessionId: bigint): Uint8Array {
  const password = Buffer.alloc(16);
  password.writeBigInt64BE(sessionId);
  return password;
}

/** All of an image that can be compared. */
export function contentsOf({ lastZxid, sessions, nodes }: TreeImage) {
  return { lastZxid, sessions: new Map(sessions), nodes: new Map(nodes) };
}
