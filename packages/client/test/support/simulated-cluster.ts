import { ERRORS, type ErrorName, type Scheduler } from '@barnabas/model';
import { ClientClosedError, ClientError } from '../../src/client-error.ts';
import type { Door, DoorLimits, DoorRequest, DoorResponse } from '../../src/http/door.ts';
import { type LoggedRecord, SimulatedLog } from './simulated-log.ts';

/**
 * What becomes of one request. `lost`: it never arrives; `unanswered`: it is executed, and the connection breaks; `late`: the
 * client's time is up before it is executed, `afterMs` from now; an error's name: it is answered, and nothing is done.
 */
export type Fate =
  | { readonly type: 'done' }
  | { readonly type: 'unreachable' }
  | { readonly type: 'lost' }
  | { readonly type: 'unanswered' }
  | { readonly type: 'late'; readonly afterMs: number }
  | { readonly type: 'error'; readonly error: ErrorName };

export type FateOf = (request: DoorRequest & { readonly server: string }) => Fate;

const DONE: FateOf = () => ({ type: 'done' });
const ANSWER_MS = 1;

/** A cluster with one topic behind a simulated network. Every server answers for it. */
export class SimulatedCluster implements Door {
  readonly topic = 'orders';
  readonly requests: (DoorRequest & { readonly server: string })[] = [];
  fateOf: FateOf = DONE;
  /** What a server has of a partition's records. */
  recordsOn: (server: string, records: readonly LoggedRecord[]) => readonly LoggedRecord[] = (_, records) => records;
  readonly logs: readonly SimulatedLog[];
  readonly #scheduler: Scheduler;
  #producerIds = 0;

  constructor(scheduler: Scheduler, partitions: number) {
    this.#scheduler = scheduler;
    this.logs = Array.from({ length: partitions }, () => new SimulatedLog());
  }

  send(server: string, request: DoorRequest, limits: DoorLimits): Promise<DoorResponse> {
    this.requests.push({ ...request, server });
    const fate = this.fateOf({ ...request, server });
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        timer.cancel();
        answer.cancel();
        limits.signal.removeEventListener('abort', stop);
        settle();
      };
      const stop = () => end(() => reject(new ClientClosedError('unknown')));
      const timer = this.#scheduler.after(limits.timeoutMs, () => {
        end(() => reject(failure('REQUEST_TIMED_OUT', 'unknown')));
      });
      const answer = this.#scheduler.after(ANSWER_MS, () => {
        if (fate.type === 'late') {
          this.#scheduler.after(fate.afterMs, () => void this.#execute(server, request));
          return;
        }
        end(() => this.#answer(fate, server, request, resolve, reject));
      });
      limits.signal.addEventListener('abort', stop);
      if (limits.signal.aborted) stop();
    });
  }

  #answer(
    fate: Exclude<Fate, { type: 'late' }>,
    server: string,
    request: DoorRequest,
    resolve: (response: DoorResponse) => void,
    reject: (error: Error) => void,
  ): void {
    if (fate.type === 'done') resolve(this.#execute(server, request));
    else if (fate.type === 'error') resolve(errorResponse(fate.error));
    else {
      if (fate.type === 'unanswered') this.#execute(server, request);
      reject(failure('NETWORK_EXCEPTION', fate.type === 'unreachable' ? 'refused' : 'unknown'));
    }
  }

  #execute(server: string, request: DoorRequest): DoorResponse {
    if (request.path === '/v1/producers') return response(201, { producerId: this.#producerIds++, producerEpoch: 0 });
    const partition = /^\/v1\/topics\/orders\/partitions\/(\d+)\/records/.exec(request.path)?.[1];
    if (partition !== undefined) {
      return request.method === 'GET'
        ? this.#read(server, Number(partition), request)
        : this.#append(Number(partition), request);
    }
    if (request.path !== `/v1/topics/${this.topic}`) return errorResponse('UNKNOWN_TOPIC_OR_PARTITION');
    const partitions = this.logs.map((_, index) => ({ partition: index, leader: 1 }));
    return response(200, { name: this.topic, topicId: null, partitions, configs: {} });
  }

  #append(partition: number, { headers = {}, body }: DoorRequest): DoorResponse {
    const numbers = {
      producerId: Number(headers['producer-id']),
      epoch: Number(headers['producer-epoch']),
      sequence: Number(headers['producer-seq']),
    };
    const records: LoggedRecord[] = String(body)
      .split('\n')
      .map((line) => JSON.parse(line));
    const appended = this.logs[partition]?.append(numbers, records) ?? 'UNKNOWN_TOPIC_OR_PARTITION';
    if (typeof appended === 'string') return errorResponse(appended);
    return response(
      200,
      records.map(({ timestamp }, index) => ({ partition, offset: appended + index, timestamp })),
    );
  }

  /** Never waits; two records at most. */
  #read(server: string, partition: number, { path }: DoorRequest): DoorResponse {
    const query = new URL(path, 'http://any').searchParams;
    const all = this.recordsOn(server, this.logs[partition]?.records ?? []);
    const asked = query.get('offset') ?? 'latest';
    const from = asked === 'earliest' ? 0 : asked === 'latest' ? all.length : Number(asked);
    if (from > all.length) return errorResponse('OFFSET_OUT_OF_RANGE');
    const records = all.slice(from, from + 2).map(({ value, timestamp }, index) => {
      return { partition, offset: from + index, timestamp, key: null, value, headers: [] };
    });
    return response(200, records, { 'next-offset': `${from + records.length}` });
  }

  async close(): Promise<void> {}
}

function failure(error: ErrorName, outcome: 'refused' | 'unknown'): ClientError {
  return new ClientError(error, error, { outcome, isRetriable: true });
}

function errorResponse(name: ErrorName): DoorResponse {
  const { code, httpStatus, sentence } = ERRORS[name];
  return response(httpStatus, { code, name, message: sentence });
}

function response(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): DoorResponse {
  return { status, header: (name) => headers[name], body: Buffer.from(JSON.stringify(body)) };
}
