import { ERRORS, KafkaError, producerId } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { initProducerIdHandler } from '../../src/requests/init-producer-id-handler.ts';
import { ask } from '../support/ask.ts';
import { recordingLog } from '../support/recording-log.ts';

const IDEMPOTENT = { transactionalId: null, transactionTimeoutMs: 60_000 };

describe('InitProducerId', () => {
  it.each([0, 1, 2, 3, 4, 5])('gives an idempotent producer an id and epoch 0 in version %i', async (version) => {
    expect(await begin().init(version, IDEMPOTENT)).toMatchObject({
      errorCode: 0,
      producerId: 4711n,
      producerEpoch: 0,
    });
  });

  it('gives a new id to a producer that has one already', async () => {
    const answer = await begin().init(4, { ...IDEMPOTENT, producerId: 5n, producerEpoch: 3 });
    expect(answer).toMatchObject({ errorCode: 0, producerId: 4711n, producerEpoch: 0 });
  });

  it.each([
    ['INVALID_REQUEST', 'an id without an epoch', { ...IDEMPOTENT, producerId: 5n }],
    ['INVALID_REQUEST', 'an epoch without an id', { ...IDEMPOTENT, producerEpoch: 5 }],
    ['INVALID_REQUEST', 'an empty transactional id', { ...IDEMPOTENT, transactionalId: '' }],
    ['COORDINATOR_NOT_AVAILABLE', 'a transactional id', { ...IDEMPOTENT, transactionalId: 'tx' }],
  ] as const)('answers %s to %s', async (error, _, request) => {
    const { init, given } = begin();
    const errorCode = ERRORS[error].code;
    expect(await init(4, request)).toMatchObject({ errorCode, producerId: -1n, producerEpoch: -1 });
    expect(given()).toBe(0);
  });

  it('answers why there is no id', async () => {
    const failing = begin(new KafkaError('COORDINATOR_LOAD_IN_PROGRESS', 'no session'));
    expect((await failing.init(4, IDEMPOTENT)).errorCode).toBe(ERRORS.COORDINATOR_LOAD_IN_PROGRESS.code);
    expect(failing.lines).toEqual([]);
    const broken = begin(new Error('the znode cannot be read'));
    expect((await broken.init(4, IDEMPOTENT)).errorCode).toBe(-1);
    expect(broken.lines).toEqual(['error: InitProducerId failed unexpectedly']);
  });
});

function begin(failure?: Error) {
  const log = recordingLog();
  let given = 0;
  const next = async () => {
    if (failure !== undefined) throw failure;
    given++;
    return producerId(4711);
  };
  const handler = initProducerIdHandler({ producerIds: { next }, log });
  return {
    lines: log.lines,
    given: () => given,
    init: (version: number, request: PeerRequest<'InitProducerId'>) => ask('InitProducerId', handler, version, request),
  };
}
