import { ERRORS, type ErrorName, KafkaError } from '@barnabas/model';
import { PeerError } from '@barnabas/transport';

/** A failure whose HTTP status is not the one that Kafka's error table has for it. */
export class RestError extends KafkaError {
  readonly httpStatus: number;

  constructor(httpStatus: number, error: ErrorName, message: string, options?: ErrorOptions) {
    super(error, message, options);
    this.httpStatus = httpStatus;
  }
}

/** A request that cannot be understood: 400. */
export const badRequest = (message: string): KafkaError => new KafkaError('INVALID_REQUEST', message);

/** A failure as it is answered. */
export type ErrorAnswer = {
  readonly httpStatus: number;
  readonly code: number;
  readonly name: ErrorName;
  readonly message: string;
};

export const answerOf = (error: ErrorName, message: string, httpStatus = ERRORS[error].httpStatus): ErrorAnswer => ({
  httpStatus,
  code: ERRORS[error].code,
  name: error,
  message,
});

/** What another broker's silence means to whoever asked through us. Statuses above 503 say that nobody knows. */
export const kafkaErrorOf = (error: PeerError): KafkaError => {
  const options = { cause: error };
  if (error.outcome === 'refused') return new KafkaError('BROKER_NOT_AVAILABLE', error.message, options);
  return error.failure === 'deadline'
    ? new KafkaError('REQUEST_TIMED_OUT', error.message, options)
    : new KafkaError('NETWORK_EXCEPTION', error.message, options);
};

/** The body of an answer: `{code, name, message}`. */
export const errorBody = ({ code, name, message }: ErrorAnswer): { code: number; name: string; message: string } => ({
  code,
  name,
  message,
});

/** What is thrown, as an answer; undefined for what nobody expected to be thrown. */
export const knownAnswerOf = (thrown: unknown): ErrorAnswer | undefined => {
  if (thrown instanceof RestError) return answerOf(thrown.error, thrown.message, thrown.httpStatus);
  if (thrown instanceof KafkaError) return answerOf(thrown.error, thrown.message);
  if (thrown instanceof PeerError) return knownAnswerOf(kafkaErrorOf(thrown));
  return undefined;
};
