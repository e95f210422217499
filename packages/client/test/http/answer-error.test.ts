import { describe, expect, it } from 'vitest';
import { errorOf } from '../../src/http/answer-error.ts';

const answered = (status: number, body: unknown) =>
  errorOf('http://a', { status, header: () => undefined, body: Buffer.from(JSON.stringify(body) ?? '') });

describe('errorOf', () => {
  it('takes name and message from the server', () => {
    const error = answered(404, { code: 3, name: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'there is no topic x' });
    expect(error).toMatchObject({
      error: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: 'there is no topic x',
      outcome: 'refused',
      isRetriable: true,
      status: 404,
    });
  });

  it.each([
    [400, 'INVALID_REQUEST', 'refused', false],
    [429, 'INVALID_REQUEST', 'refused', true],
    [500, 'UNKNOWN_SERVER_ERROR', 'unknown', true],
    [502, 'NETWORK_EXCEPTION', 'unknown', true],
    [503, 'NETWORK_EXCEPTION', 'refused', true],
    [504, 'REQUEST_TIMED_OUT', 'unknown', true],
  ] as const)('goes by the status, %d, where it gives no name', (status, error, outcome, isRetriable) => {
    for (const body of [undefined, { name: 'toString' }, 'Bad Gateway']) {
      expect(answered(status, body)).toMatchObject({ error, outcome, isRetriable });
    }
  });
});
