/** How a failure stands in an answer. */
import { ERRORS, type ErrorName, KafkaError } from '@barnabas/model';
import { ZooKeeperError } from '@barnabas/zookeeper';
import type { Logger } from '../logger.ts';

export type Refusal = { readonly errorCode: number; readonly errorMessage: string | null };

/** A message may quote what was asked, and has to fit into a string of the oldest versions. */
const MAX_MESSAGE_LENGTH = 1000;

/** ZooKeeper has no answer at the moment, to anything. */
const OUT_OF_REACH: ReadonlySet<ZooKeeperError['code']> = new Set([
  'CONNECTION_LOSS',
  'OPERATION_TIMEOUT',
  'SESSION_EXPIRED',
  'THROTTLED_OP',
]);

/** @param message null for the sentence of the error itself, which clients know */
export function refusal(error: ErrorName, message: string | null): Refusal {
  return { errorCode: ERRORS[error].code, errorMessage: message?.slice(0, MAX_MESSAGE_LENGTH) ?? null };
}

/**
 * @param unavailable the error for having changed nothing because ZooKeeper could not be asked
 * @param logger told of what nobody has foreseen
 */
export function refusalOf(error: unknown, unavailable: ErrorName, logger: Logger): Refusal {
  if (error instanceof KafkaError) return refusal(error.error, error.message);
  if (error instanceof ZooKeeperError && OUT_OF_REACH.has(error.code)) {
    return refusal(unavailable, `ZooKeeper cannot be asked, nothing was changed: ${error.message}`);
  }
  logger.error({ err: error }, 'a request about topics failed');
  return refusal('UNKNOWN_SERVER_ERROR', error instanceof Error ? error.message : String(error));
}
