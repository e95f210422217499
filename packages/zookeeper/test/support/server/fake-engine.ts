import type { ConnectRequest } from '../../../src/operation/handshake.ts';
import type { Request } from '../../../src/operation/request.ts';
import type { Connection, Peer } from '../../../src/server/engine/peer.ts';

/**
 * Stands in for the engine: every connection gets session 1, and every request is answered at once by a string that is as
 * long as a test wants it. The rest of what an engine does a test does through `peer`.
 */
export class FakeEngine {
  readonly connections: FakeConnection[] = [];
  answerBytes = 0;
  /** Called before a request is answered. */
  onRequest: (request: Request) => void = () => {};

  attach(peer: Peer): FakeConnection {
    const connection = new FakeConnection(this, peer);
    this.connections.push(connection);
    return connection;
  }
}

export class FakeConnection implements Connection {
  readonly peer: Peer;
  readonly requests: Request[] = [];
  readonly unknownXids: number[] = [];
  lostCount = 0;
  readonly #engine: FakeEngine;

  constructor(engine: FakeEngine, peer: Peer) {
    this.#engine = engine;
    this.peer = peer;
  }

  connect(request: ConnectRequest): void {
    this.peer.connected({
      protocolVersion: 0,
      timeoutMs: request.timeoutMs,
      sessionId: 1n,
      password: new Uint8Array(16),
    });
  }

  request(xid: number, request: Request): void {
    this.requests.push(request);
    this.#engine.onRequest(request);
    this.peer.replied({ xid, zxid: 1, code: 0 }, { op: 'sync', path: '/'.repeat(this.#engine.answerBytes) });
  }

  unimplemented(xid: number): void {
    this.unknownXids.push(xid);
    this.peer.replied({ xid, zxid: 1, code: -6 }, undefined);
    this.peer.closed('a request of an unknown type', false);
  }

  lost(): void {
    this.lostCount++;
  }
}
