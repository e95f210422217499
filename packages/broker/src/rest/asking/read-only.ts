import { ERRORS, type KafkaError } from '@barnabas/model';
import { PeerError } from '@barnabas/transport';
import { kafkaErrorOf } from '../http/rest-error.ts';
import { type Attempt, again } from './until-done.ts';

/**
 * One attempt at something that changes nothing: every failure that may pass is a reason to try again, also one of which
 * it is not known whether it happened.
 */
export async function readOnly<T>(attempt: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  try {
    return await attempt();
  } catch (thrown) {
    if (thrown instanceof PeerError) return again(kafkaErrorOf(thrown));
    throw thrown;
  }
}

/** The error of an answer to a read: for another attempt where it may pass. @throws it otherwise */
export const againIfRetriable = (error: KafkaError): Attempt<never> => {
  if (ERRORS[error.error].retriable) return again(error);
  throw error;
};
