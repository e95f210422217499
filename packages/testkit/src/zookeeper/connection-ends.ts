import type { ConnectRequest, ConnectResponse, Reply, ReplyHeader, Request, WatchEvent } from '@barnabas/zookeeper';
import type { SimulatedConnection } from '../network/simulated-connection.ts';

/** What a client of ZooKeeper hears through its connection. */
export type ClientEnd = {
  accepted(): void;
  connected(response: ConnectResponse): void;
  replied(header: ReplyHeader, reply: Reply | undefined): void;
  notified(event: WatchEvent): void;
  closed(reason: string): void;
};

/** What the server hears. */
export type ServerEnd = {
  accept(): void;
  connect(request: ConnectRequest): void;
  request(xid: number, request: Request): void;
  lost(): void;
};

export type ZooKeeperConnection = SimulatedConnection<ClientEnd, ServerEnd>;
