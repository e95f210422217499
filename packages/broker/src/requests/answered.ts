import { type ErrorName, KafkaError } from '@barnabas/model';
import type { APIS, ApiName, InputOf } from '@barnabas/protocol';
import type { PeerContext, PeerHandler } from '@barnabas/transport';
import type { Logger } from '../logger.ts';

/** The response of an API as a handler makes it. */
export type Answer<Name extends ApiName> = InputOf<(typeof APIS)[Name]['response']>;
type Request<Name extends ApiName> = Parameters<PeerHandler<Name>>[0];

/** A whole request that has failed. */
export type Failure = { readonly error: ErrorName; readonly message: string };

/**
 * Makes a handler that never throws: a KafkaError becomes the response that `failed` makes of it, and so does anything else,
 * as UNKNOWN_SERVER_ERROR and with a line in the log. What a handler knows of single topics or partitions it answers itself.
 */
export const answered =
  <Name extends ApiName>(
    api: Name,
    log: Logger,
    handler: PeerHandler<Name>,
    failed: (failure: Failure, request: Request<Name>, context: PeerContext) => Answer<Name>,
  ): PeerHandler<Name> =>
  async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      return failed(failureOf(error, api, log), request, context);
    }
  };

/** What to answer for an error; one that has no name of Kafka's is logged as a fault of this broker, during `what`. */
export const failureOf = (error: unknown, what: string, log: Logger): Failure => {
  if (error instanceof KafkaError) return { error: error.error, message: error.message };
  log.error({ err: error }, `${what} failed unexpectedly`);
  return { error: 'UNKNOWN_SERVER_ERROR', message: 'the broker failed unexpectedly; its log says how' };
};
