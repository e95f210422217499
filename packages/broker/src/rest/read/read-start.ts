import { badRequest } from '../http/rest-error.ts';
import type { Start } from './offset-for.ts';
import type { ReadHeaders, ReadQuery } from './read-schemas.ts';

/**
 * Where a read begins: at what the request says, once; without it a stream shows what comes from now on, and any other read
 * begins at the beginning. A stream that comes back goes on where it was, whatever it asked for at first.
 *
 * @throws KafkaError INVALID_REQUEST
 */
export const readStart = (query: ReadQuery, headers: ReadHeaders, isStream: boolean): Start => {
  const { offset, timestamp, tail } = query;
  refuseSeveralStarts(query);
  const resumed = headers['last-event-id'];
  if (isStream && resumed !== undefined) return { kind: 'offset', offset: resumed };
  if (timestamp !== undefined) return { kind: 'timestamp', timestampMs: timestamp };
  if (tail !== undefined) return { kind: 'tail', count: tail };
  if (typeof offset === 'number') return { kind: 'offset', offset };
  return { kind: offset ?? (isStream ? 'latest' : 'earliest') };
};

/** @throws KafkaError INVALID_REQUEST */
export const refuseSeveralStarts = ({ offset, timestamp, tail }: StartQuery): void => {
  if ([offset, timestamp, tail].filter((it) => it !== undefined).length > 1) {
    throw badRequest('offset, timestamp and tail each say where to begin: only one of them');
  }
};

type StartQuery = { readonly offset?: unknown; readonly timestamp?: unknown; readonly tail?: unknown };
