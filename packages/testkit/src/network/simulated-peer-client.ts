import type { Timer } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import {
  type PeerClient,
  PeerError,
  type PeerFailure,
  type PeerRequest,
  type PeerResponse,
  type SendOptions,
  type TrafficClass,
  trafficClassOf,
} from '@barnabas/transport';
import { carried } from './message-copy.ts';
import type { CallerEnd, PeerConnection, SimulatedRequest } from './peer-ends.ts';
import type { SimulatedProcess } from './simulated-process.ts';

type Call = {
  readonly api: ApiName;
  readonly deadline: Timer;
  readonly resolve: (response: object) => void;
  readonly reject: (error: Error) => void;
};

type Lane = {
  readonly connection: PeerConnection;
  readonly calls: Map<number, Call>;
  /** What is to be sent once the connection is there; undefined when it is. */
  waiting: SimulatedRequest[] | undefined;
};

/**
 * A client of a simulated peer, with the promises of the real one: a connection for each class of traffic, made when there is
 * something to send; nothing is sent twice; what was sent when the connection broke has an unknown outcome.
 */
export class SimulatedPeerClient implements PeerClient {
  readonly #process: SimulatedProcess;
  readonly #clientId: string;
  readonly #dial: (caller: CallerEnd, trafficClass: TrafficClass) => PeerConnection;
  readonly #onMessage: (api: ApiName, bytes: Uint8Array) => void;
  readonly #lanes = new Map<TrafficClass, Lane>();
  #lastCorrelationId = 0;
  #isClosed = false;

  constructor(
    process: SimulatedProcess,
    clientId: string,
    dial: (caller: CallerEnd, trafficClass: TrafficClass) => PeerConnection,
    onMessage: (api: ApiName, bytes: Uint8Array) => void,
  ) {
    this.#process = process;
    this.#clientId = clientId;
    this.#dial = dial;
    this.#onMessage = onMessage;
  }

  async send<Name extends ApiName>(
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    { deadlineMs }: SendOptions,
  ): Promise<PeerResponse<Name>> {
    if (this.#isClosed) throw new PeerError('refused', 'closed', `${api}: the client is closed`);
    const { bytes, copy: message } = carried(api, 'request', version, request);
    this.#onMessage(api, bytes);
    const lane = this.#laneFor(trafficClassOf(api));
    const correlationId = ++this.#lastCorrelationId;
    const answer = new Promise<object>((resolve, reject) => {
      const deadline = this.#process.after(deadlineMs, () => {
        lane.calls.delete(correlationId);
        reject(new PeerError('unknown', 'deadline', `${api}: no answer within ${deadlineMs} ms`));
        this.#drop(lane, 'disconnected', 'a deadline passed');
      });
      lane.calls.set(correlationId, { api, deadline, resolve, reject });
    });
    const sent = { correlationId, api, version, clientId: this.#clientId, message };
    if (lane.waiting !== undefined) lane.waiting.push(sent);
    else lane.connection.tellServer((server) => server.request(sent));
    return (await answer) as PeerResponse<Name>;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of [...this.#lanes.values()]) this.#drop(lane, 'closed', 'the client is being closed');
  }

  #laneFor(trafficClass: TrafficClass): Lane {
    const open = this.#lanes.get(trafficClass);
    if (open !== undefined) return open;
    const calls = new Map<number, Call>();
    const connection = this.#dial(
      {
        accepted: () => this.#accepted(lane),
        answered: (correlationId, response) => this.#answered(calls, correlationId, response),
        closed: (reason) => this.#fail(lane, lane.waiting === undefined ? 'disconnected' : 'unreachable', reason),
      },
      trafficClass,
    );
    const lane: Lane = { connection, calls, waiting: [] };
    this.#lanes.set(trafficClass, lane);
    return lane;
  }

  /** Whoever has given up by now is sent nothing for. */
  #accepted(lane: Lane): void {
    const waiting = lane.waiting ?? [];
    lane.waiting = undefined;
    for (const request of waiting) {
      if (lane.calls.has(request.correlationId)) lane.connection.tellServer((server) => server.request(request));
    }
  }

  #answered(calls: Map<number, Call>, correlationId: number, response: object): void {
    const call = calls.get(correlationId);
    calls.delete(correlationId);
    call?.deadline.cancel();
    call?.resolve(response);
  }

  #drop(lane: Lane, failure: PeerFailure, reason: string): void {
    lane.connection.closeByClient();
    this.#fail(lane, failure, reason);
  }

  #fail(lane: Lane, failure: PeerFailure, reason: string): void {
    for (const [trafficClass, other] of this.#lanes) if (other === lane) this.#lanes.delete(trafficClass);
    const outcome = failure === 'unreachable' ? 'refused' : 'unknown';
    for (const { api, deadline, reject } of lane.calls.values()) {
      deadline.cancel();
      reject(new PeerError(outcome, failure, `${api}: ${reason}`));
    }
    lane.calls.clear();
  }
}
