import { KafkaError } from '@barnabas/model';
import type { Static } from 'typebox';
import { errorIn } from '../asking/ask-leader.ts';
import { type Patience, patienceOf } from '../asking/patience.ts';
import { againIfRetriable, readOnly } from '../asking/read-only.ts';
import { done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { endOfAnswer } from '../http/end-of-answer.ts';
import { FAILURES } from '../http/error-schemas.ts';
import { NewProducer } from './produce-schemas.ts';

const INIT_PRODUCER_ID_VERSION = 5;
/** Means nothing to a producer without transactions; Kafka's clients send this. */
const NO_TRANSACTION_TIMEOUT_MS = 0x7fff_ffff;

/** `POST /v1/producers`: an id and an epoch for an idempotent producer. One that nobody uses costs nothing. */
export const producerRoutes = (app: App, door: Door): void => {
  const response = { 201: NewProducer, ...FAILURES };
  app.post(
    '/v1/producers',
    { schema: { tags: ['records'], summary: 'An id for an idempotent producer', response } },
    async (_, reply) => {
      const patience = patienceOf(door, door.limits.requestTimeoutMs, endOfAnswer(reply));
      return reply.code(201).send(await newProducer(door, patience));
    },
  );
};

/** An id that is drawn and then lost is no harm: so this may be tried again whatever came of it. */
const newProducer = (door: Door, patience: Patience): Promise<Static<typeof NewProducer>> =>
  untilDone(door, patience, (deadlineMs) =>
    readOnly(async () => {
      const request = { transactionalId: null, transactionTimeoutMs: NO_TRANSACTION_TIMEOUT_MS };
      const options = { deadlineMs, signal: patience.signal };
      const answer = await door.requests.ask(
        door.brokerId,
        'InitProducerId',
        INIT_PRODUCER_ID_VERSION,
        request,
        options,
      );
      const error = errorIn(answer.errorCode);
      if (error !== undefined) return againIfRetriable(error);
      if (answer.producerId > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw new KafkaError('UNKNOWN_SERVER_ERROR', 'the cluster has run out of producer ids');
      }
      return done({ producerId: Number(answer.producerId), producerEpoch: answer.producerEpoch });
    }),
  );
