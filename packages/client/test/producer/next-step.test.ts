import { ERRORS, type ErrorName } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ClientClosedError, ClientError, type Outcome } from '../../src/client-error.ts';
import { nextStep } from '../../src/producer/next-step.ts';

const answered = (error: ErrorName, outcome: Outcome = 'refused') =>
  new ClientError(error, '', { outcome, isRetriable: outcome === 'unknown' || ERRORS[error].retriable });

describe('nextStep', () => {
  it.each([
    ['NOT_ENOUGH_REPLICAS', 'refused'],
    ['NOT_LEADER_OR_FOLLOWER', 'refused'],
    ['REQUEST_TIMED_OUT', 'unknown'],
    ['UNKNOWN_SERVER_ERROR', 'unknown'],
  ] as const)('sends the same numbers again after %s (%s)', (error, outcome) => {
    expect(nextStep(answered(error, outcome), false)).toEqual({ batch: 'again', numbers: 'kept' });
    expect(nextStep(answered(error, outcome), true)).toEqual({ batch: 'again', numbers: 'kept' });
  });

  it('uses the numbers of a refused batch for the next one', () => {
    expect(nextStep(answered('INVALID_RECORD'), false)).toEqual({ batch: 'failed', numbers: 'kept' });
  });

  it('goes on in the next epoch where a batch that is given up may be there', () => {
    expect(nextStep(answered('INVALID_RECORD'), true)).toEqual({ batch: 'failed', numbers: 'epoch' });
    expect(nextStep(new ClientClosedError('unknown'), false)).toEqual({ batch: 'failed', numbers: 'epoch' });
  });

  it('takes a duplicate for an acknowledgement', () => {
    expect(nextStep(answered('DUPLICATE_SEQUENCE_NUMBER'), true).batch).toBe('acknowledged');
  });

  it('gives up what does not follow on an acknowledged batch', () => {
    expect(nextStep(answered('OUT_OF_ORDER_SEQUENCE_NUMBER'), false)).toEqual({ batch: 'failed', numbers: 'epoch' });
  });

  it.each([
    ['UNKNOWN_PRODUCER_ID', 'epoch'],
    ['INVALID_PRODUCER_EPOCH', 'id'],
    ['PRODUCER_FENCED', 'id'],
  ] as const)('takes other numbers after %s only for what cannot be there', (error, numbers) => {
    expect(nextStep(answered(error), false)).toEqual({ batch: 'again', numbers });
    expect(nextStep(answered(error), true)).toEqual({ batch: 'failed', numbers });
  });
});
