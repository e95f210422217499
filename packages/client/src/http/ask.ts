import { ClientError } from '../client-error.ts';
import type { DoorRequest, DoorResponse } from './door.ts';
import type { Link } from './link.ts';
import { NEW_TOPIC_MS, Patience } from './patience.ts';
import { Route } from './route.ts';

/**
 * Sends a request that may well be executed twice, until a server has done it.
 *
 * @param timeoutMs how long to keep trying
 * @throws ClientError the last failure, with what is known of all attempts
 */
export async function ask(link: Link, request: DoorRequest, timeoutMs: number): Promise<DoorResponse> {
  const route = new Route(link, 0);
  const patience = new Patience(link, route, { timeoutMs, signal: link.closed, unknownTopicMs: NEW_TOPIC_MS });
  let mayHaveHappened = false;
  for (;;) {
    try {
      return await route.send(request, { timeoutMs: patience.requestTimeoutMs, signal: link.closed });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      mayHaveHappened ||= error.outcome === 'unknown';
      await patience.afterFailure(mayHaveHappened ? error.with({ outcome: 'unknown' }) : error);
    }
  }
}

/** The body as JSON; undefined where it is none. */
export function jsonOf(response: DoorResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(response.body));
  } catch {
    return undefined;
  }
}
