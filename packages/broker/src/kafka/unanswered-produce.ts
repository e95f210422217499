import { ERRORS } from '@barnabas/model';
import type { APIS, InputOf, TypeOf } from '@barnabas/protocol';
import type { IncomingRequest } from '@barnabas/transport';

type Request = TypeOf<typeof APIS.Produce.request>;
type Response = InputOf<typeof APIS.Produce.response>;

/** Whether its client expects no answer: acks=0. */
export const isUnanswered = ({ api, request }: IncomingRequest): boolean =>
  api.name === 'Produce' && (request as Request).acks === 0;

/** Whether any of it failed, which its client can only be told by a connection that closes. */
export const hasFailed = (response: object): boolean =>
  (response as Response).responses.some(({ partitionResponses }) =>
    partitionResponses.some(({ errorCode }) => errorCode !== ERRORS.NONE.code),
  );
