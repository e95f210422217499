import type { ApiName } from '@barnabas/protocol';
import type { SimulatedConnection } from './simulated-connection.ts';

export type SimulatedRequest = {
  readonly correlationId: number;
  readonly api: ApiName;
  readonly version: number;
  readonly clientId: string;
  readonly message: object;
};

/** What a calling broker hears through its connection. */
export type CallerEnd = {
  accepted(): void;
  answered(correlationId: number, response: object): void;
  closed(reason: string): void;
};

/** What the broker hears that is called. */
export type CalledEnd = {
  accept(): void;
  request(request: SimulatedRequest): void;
  lost(): void;
};

export type PeerConnection = SimulatedConnection<CallerEnd, CalledEnd>;
