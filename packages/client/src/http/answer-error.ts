import { ERRORS, type ErrorName } from '@barnabas/model';
import { ClientError, type Outcome } from '../client-error.ts';
import type { DoorResponse } from './door.ts';

/**
 * The failure that a server answered with: `{code, name, message}`, or the status alone where something between us and the
 * server has answered. Statuses are chosen so that 4xx and 503 stand for what was not done; of all others nobody knows.
 */
export function errorOf(server: string, { status, body }: DoorResponse): ClientError {
  const { name, message } = parsed(body);
  const error = name ?? nameByStatus(status);
  const outcome: Outcome = status < 500 || status === 503 ? 'refused' : 'unknown';
  const isRetriable = status >= 500 || status === 429 || (name !== undefined && ERRORS[name].retriable);
  const text = message ?? `${server} answered with status ${status}`;
  return new ClientError(error, text, { outcome, isRetriable, status });
}

function parsed(body: Uint8Array): { name: ErrorName | undefined; message: string | undefined } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    const isObject = typeof value === 'object' && value !== null;
    const name = isObject && 'name' in value ? value.name : undefined;
    const message = isObject && 'message' in value ? value.message : undefined;
    return { name: isErrorName(name) ? name : undefined, message: typeof message === 'string' ? message : undefined };
  } catch {
    return { name: undefined, message: undefined };
  }
}

function isErrorName(name: unknown): name is ErrorName {
  return typeof name === 'string' && Object.hasOwn(ERRORS, name);
}

function nameByStatus(status: number): ErrorName {
  if (status === 504 || status === 408) return 'REQUEST_TIMED_OUT';
  if (status === 502 || status === 503) return 'NETWORK_EXCEPTION';
  return status < 500 ? 'INVALID_REQUEST' : 'UNKNOWN_SERVER_ERROR';
}
