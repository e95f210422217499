import { ERRORS } from '@barnabas/model';
import { answerOf, type ErrorAnswer } from '../http/rest-error.ts';
import type { AppendedRecord, ProduceFailure } from './produce-schemas.ts';
import type { RecordOutcome } from './produce-spec.ts';

type Failed = Extract<RecordOutcome, { kind: 'failed' }>;

/** What a request is answered: of all records where they were appended, or else an error. */
export type ProduceReply =
  | { readonly kind: 'appended'; readonly body: AppendedRecord[] }
  | { readonly kind: 'failed'; readonly answer: ErrorAnswer; readonly body: ProduceFailure };

/** Where some of a request was done and some not, no status of the table tells the truth but this. */
const PARTLY_DONE_STATUS = 500;

export const produceReply = (outcomes: readonly RecordOutcome[]): ProduceReply => {
  const failure = worstOf(outcomes);
  if (failure === undefined) return { kind: 'appended', body: outcomes.flatMap(appendedRecord) };
  const isPartlyDone = outcomes.some(({ kind }) => kind === 'appended');
  const message = failure.mayBeAppended
    ? `${failure.message} (it is not known whether the records were appended)`
    : failure.message;
  const status = isPartlyDone ? Math.max(PARTLY_DONE_STATUS, statusOf(failure, true)) : statusOf(failure, false);
  const answer = answerOf(failure.error, message, status);
  const { code, name } = answer;
  const body = { code, name, message, ...(outcomes.length > 1 && { records: outcomes.map(recordBody) }) };
  return { kind: 'failed', answer, body };
};

/** What nobody knows the outcome of counts before what certainly failed. */
const worstOf = (outcomes: readonly RecordOutcome[]): Failed | undefined => {
  const failures = outcomes.filter((outcome) => outcome.kind === 'failed');
  return failures.find(({ mayBeAppended }) => mayBeAppended) ?? failures[0];
};

/** A precondition of the request: leaders say so of nothing else that is to be appended. */
const UNEXPECTED_OFFSET_STATUS = 412;

/** 503 says that nothing was done: it is not for what may have been. */
const statusOf = ({ error }: Failed, isPartlyDone: boolean): number => {
  if (error === 'OFFSET_OUT_OF_RANGE') return UNEXPECTED_OFFSET_STATUS;
  const { httpStatus } = ERRORS[error];
  return isPartlyDone && httpStatus === 503 ? PARTLY_DONE_STATUS : httpStatus;
};

const appendedRecord = (outcome: RecordOutcome): AppendedRecord[] =>
  outcome.kind === 'appended'
    ? [{ partition: outcome.partition, offset: outcome.offset, timestamp: outcome.timestamp }]
    : [];

const recordBody = (outcome: RecordOutcome) => {
  const [appended] = appendedRecord(outcome);
  if (appended !== undefined || outcome.kind === 'appended') return appended as AppendedRecord;
  const { partition, error, message } = outcome;
  return { partition, code: ERRORS[error].code, name: error, message };
};
