import { ClientError, type Outcome } from '../client-error.ts';

/** A server answered what its API does not provide for. Another one, of another version perhaps, may do better. */
export function malformed(what: string, outcome: Outcome): ClientError {
  const message = `${what}: the answer is none that this client understands`;
  return new ClientError('UNKNOWN_SERVER_ERROR', message, { outcome, isRetriable: true });
}
