import type { Scheduler } from '@barnabas/model';
import { Agent, request as undiciRequest } from 'undici';
import { ClientClosedError, ClientError } from '../client-error.ts';
import type { Door, DoorLimits, DoorRequest, DoorResponse } from './door.ts';

/** A server on a network that works accepts a connection in less, even a stopped one: its system does. */
const CONNECT_TIMEOUT_MS = 3000;
/** More than a server puts into one answer. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** Failures before the first byte of a request has left. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * HTTP by undici, one request at a time on a connection: a request that shares its connection with others would fail with
 * them. Time limits go by the scheduler that was handed in.
 */
export class UndiciDoor implements Door {
  readonly #scheduler: Scheduler;
  readonly #agent = new Agent({
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  async send(server: string, request: DoorRequest, { timeoutMs, signal }: DoorLimits): Promise<DoorResponse> {
    const ending = new AbortController();
    const stop = () => ending.abort(new ClientClosedError('unknown'));
    const timer = this.#scheduler.after(timeoutMs, () => ending.abort(timedOut(server, timeoutMs)));
    signal.addEventListener('abort', stop);
    try {
      return await this.#exchange(server, request, ending.signal);
    } catch (error) {
      if (ending.signal.aborted) throw ending.signal.reason;
      throw broken(server, error);
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', stop);
    }
  }

  async #exchange(
    server: string,
    { method, path, headers, body }: DoorRequest,
    signal: AbortSignal,
  ): Promise<DoorResponse> {
    const response = await undiciRequest(server + path, {
      dispatcher: this.#agent,
      method,
      signal,
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    });
    const bytes = new Uint8Array(await response.body.arrayBuffer());
    const header = (name: string) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    };
    return { status: response.statusCode, header, body: bytes };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function timedOut(server: string, timeoutMs: number): ClientError {
  const message = `${server} did not answer within ${Math.round(timeoutMs)} ms`;
  return new ClientError('REQUEST_TIMED_OUT', message, { outcome: 'unknown', isRetriable: true });
}

function broken(server: string, cause: unknown): ClientError {
  const code = codeOf(cause);
  const outcome = NEVER_SENT.has(code) ? 'refused' : 'unknown';
  const reason = outcome === 'refused' ? 'cannot be reached' : 'broke the connection before it had answered';
  const message = `${server} ${reason} (${code || String(cause)})`;
  return new ClientError('NETWORK_EXCEPTION', message, { outcome, isRetriable: true, cause });
}

/** Where a name has several addresses, the failure is that of each of them, and the code is theirs. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
