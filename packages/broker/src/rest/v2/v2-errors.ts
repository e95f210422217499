/**
 * Errors in the shape of Confluent's REST Proxy, v2: `{error_code, message}`, where the code begins with the HTTP status.
 * Source: its Errors.java and KafkaExceptionMapper.
 */
import { ERRORS, type ErrorName } from '@barnabas/model';
import type { ErrorAnswer } from '../http/rest-error.ts';

export type V2Error = { readonly error_code: number; readonly message: string };

const CODES: Partial<Record<ErrorName, number>> = {
  TOPIC_AUTHORIZATION_FAILED: 40301,
  CLUSTER_AUTHORIZATION_FAILED: 40301,
  GROUP_AUTHORIZATION_FAILED: 40301,
  SASL_AUTHENTICATION_FAILED: 40101,
  BROKER_NOT_AVAILABLE: 50302,
};

const TOPIC_NOT_FOUND = 40401;
const PARTITION_NOT_FOUND = 40402;
const KAFKA_ERROR = 50002;
const RETRIABLE_KAFKA_ERROR = 50003;

/** What a single record failed with. */
export const recordErrorCode = (error: ErrorName): number =>
  CODES[error] ?? (ERRORS[error].retriable ? RETRIABLE_KAFKA_ERROR : KAFKA_ERROR);

/** The body of a failed request: by name, or the status where that says all. */
export const v2Error = ({ name, httpStatus, message }: ErrorAnswer): V2Error => {
  if (name === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return { error_code: message.startsWith('there is no topic') ? TOPIC_NOT_FOUND : PARTITION_NOT_FOUND, message };
  }
  const error_code = CODES[name] ?? (httpStatus < 500 ? httpStatus : recordErrorCode(name));
  return { error_code, message };
};
