/**
 * Every failure becomes `{code, name, message}` with Kafka's code and name, whoever noticed it: our code, fastify or its
 * validator. What is not expected is logged, and answered without a word of how it came about.
 */
import type { ErrorName } from '@barnabas/model';
import type { FastifyError, FastifyReply } from 'fastify';
import type { Logger } from '../../logger.ts';
import { answerOf, type ErrorAnswer, knownAnswerOf } from './rest-error.ts';
import { validationText } from './validation-text.ts';

/** Which error it is when a field of a request is not what the schema wants. */
const ERROR_BY_FIELD: Readonly<Record<string, ErrorName>> = {
  'params/topic': 'INVALID_TOPIC_EXCEPTION',
  'querystring/acks': 'INVALID_REQUIRED_ACKS',
  'body/partitions': 'INVALID_PARTITIONS',
  'body/replicationFactor': 'INVALID_REPLICATION_FACTOR',
  'body/configs': 'INVALID_CONFIG',
};

const validationAnswer = ({ validation = [], validationContext }: FastifyError): ErrorAnswer => {
  const field = `${validationContext}/${validation[0]?.instancePath.split('/')[1] ?? ''}`;
  return answerOf(ERROR_BY_FIELD[field] ?? 'INVALID_REQUEST', validationText(validation, validationContext));
};

/** What fastify says about a request that it refuses. */
const refusalAnswer = (status: number, message: string): ErrorAnswer =>
  answerOf(status === 413 ? 'MESSAGE_TOO_LARGE' : 'INVALID_REQUEST', message.slice(0, REFUSAL_LENGTH_MAX), status);

/** Fastify repeats the URL, which may be of many KiB. */
const REFUSAL_LENGTH_MAX = 200;

const isRefusal = (status: unknown): status is number => typeof status === 'number' && status >= 400 && status < 500;

/** The answer to whatever was thrown while a request was worked on. */
export const answerTo = (thrown: FastifyError, logger: Logger): ErrorAnswer => {
  const known = knownAnswerOf(thrown);
  if (known !== undefined) return known;
  if (thrown.validation !== undefined) return validationAnswer(thrown);
  if (isRefusal(thrown.statusCode)) return refusalAnswer(thrown.statusCode, thrown.message);
  logger.error({ err: thrown }, 'A request failed in a way that it should not');
  return answerOf('UNKNOWN_SERVER_ERROR', 'the broker failed at this; its log says more');
};

/** Where nothing was done for now: when to try again. */
export const RETRY_AFTER_SECONDS = 1;

/** Sets the status, and what goes with it. */
export const withStatus = (reply: FastifyReply, { httpStatus }: ErrorAnswer): FastifyReply => {
  if (httpStatus === 429 || httpStatus === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(httpStatus);
};
