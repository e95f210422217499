import { type ErrorName, KafkaError } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import { PeerError, type PeerRequest, type PeerResponse } from '@barnabas/transport';
import type { Patience } from '../asking/patience.ts';
import { type Attempt, again, done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';
import { kafkaErrorOf } from '../http/rest-error.ts';

/** Nothing was done: who was asked is not the controller, or could not be reached. */
const ELSEWHERE: ReadonlySet<ErrorName> = new Set<ErrorName>(['NOT_CONTROLLER', 'BROKER_NOT_AVAILABLE']);

/** The answer has longer to come than the controller has to do it, so that the controller's own word arrives. */
const GRACE_MS = 1_000;

/**
 * Has the controller do something that changes the cluster, and asks again only where it certainly was not done.
 *
 * @param request made for the time that is left
 * @param errorIn the error that the answer holds
 * @throws KafkaError that error, or one that says whether it may have been done
 */
export const askController = <Name extends ApiName>(
  door: Door,
  [api, version]: readonly [Name, number],
  request: (timeoutMs: number) => PeerRequest<Name>,
  errorIn: (response: PeerResponse<Name>) => KafkaError | undefined,
  patience: Patience,
): Promise<PeerResponse<Name>> =>
  untilDone(door, patience, async (remainingMs): Promise<Attempt<PeerResponse<Name>>> => {
    const { controllerId } = door.cluster.image;
    if (controllerId === undefined) {
      return again(new KafkaError('NOT_CONTROLLER', 'the cluster has no controller at the moment'));
    }
    const timeoutMs = Math.ceil(remainingMs);
    try {
      const options = { deadlineMs: timeoutMs + GRACE_MS };
      const response = await door.requests.ask(controllerId, api, version, request(timeoutMs), options);
      const error = errorIn(response);
      return error === undefined ? done(response) : againIfElsewhere(error);
    } catch (thrown) {
      if (thrown instanceof PeerError) return againIfElsewhere(kafkaErrorOf(thrown));
      throw thrown;
    }
  });

const againIfElsewhere = (error: KafkaError): Attempt<never> => {
  if (ELSEWHERE.has(error.error)) return again(error);
  throw error;
};
