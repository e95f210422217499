import { ERRORS, KafkaError } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { answered } from '../../src/requests/answered.ts';
import { ask } from '../support/ask.ts';
import { recordingLog } from '../support/recording-log.ts';

const REQUEST = { groupId: 'g', generationId: 1, memberId: 'm' };

describe('answered', () => {
  it('leaves an answer as it is', async () => {
    const { heartbeat, lines } = heartbeatOf(() => ({ throttleTimeMs: 0, errorCode: 27 }));
    expect((await heartbeat()).errorCode).toBe(27);
    expect(lines).toEqual([]);
  });

  it('answers with the name of an error that has one, and logs nothing', async () => {
    const { heartbeat, lines } = heartbeatOf(() => Promise.reject(new KafkaError('REBALANCE_IN_PROGRESS', 'wait')));
    expect((await heartbeat()).errorCode).toBe(ERRORS.REBALANCE_IN_PROGRESS.code);
    expect(lines).toEqual([]);
  });

  it.each([
    ['throws', () => badly()],
    ['rejects', async () => badly()],
  ])('answers UNKNOWN_SERVER_ERROR where a handler %s anything else, and logs it', async (_, handler) => {
    const { heartbeat, lines } = heartbeatOf(handler);
    expect((await heartbeat()).errorCode).toBe(-1);
    expect(lines).toEqual(['error: Heartbeat failed unexpectedly']);
  });
});

function badly(): never {
  throw new TypeError('undefined is not a function');
}

function heartbeatOf(handler: PeerHandler<'Heartbeat'>) {
  const log = recordingLog();
  const guarded = answered('Heartbeat', log, handler, ({ error }) => ({
    throttleTimeMs: 0,
    errorCode: ERRORS[error].code,
  }));
  return { lines: log.lines, heartbeat: () => ask('Heartbeat', guarded, 4, REQUEST) };
}
