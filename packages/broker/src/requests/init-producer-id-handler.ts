import { ERRORS, KafkaError } from '@barnabas/model';
import type { InitProducerIdRequest } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import type { Logger } from '../logger.ts';
import type { ProducerIdManager } from '../producer-ids/producer-id-manager.ts';
import { int64ToWire } from '../wire/wire-numbers.ts';
import { answered } from './answered.ts';

export type InitProducerIdHandlerOptions = {
  readonly producerIds: Pick<ProducerIdManager, 'next'>;
  readonly log: Logger;
};

const FIRST_PRODUCER_EPOCH = 0;

/**
 * InitProducerId, versions 0 to 5, for idempotent producers: each is given a new id, also one that asks for a new epoch of
 * the id that it has (KIP-360), since without a transactional id nothing hangs on keeping it. There is no coordinator of
 * transactions, which is what a producer with a transactional id is told.
 */
export const initProducerIdHandler = ({
  producerIds,
  log,
}: InitProducerIdHandlerOptions): PeerHandler<'InitProducerId'> =>
  answered(
    'InitProducerId',
    log,
    async (request) => {
      check(request);
      return {
        throttleTimeMs: 0,
        errorCode: ERRORS.NONE.code,
        producerId: int64ToWire(await producerIds.next()),
        producerEpoch: FIRST_PRODUCER_EPOCH,
      };
    },
    ({ error }) => ({ throttleTimeMs: 0, errorCode: ERRORS[error].code, producerId: -1n, producerEpoch: -1 }),
  );

/** @throws KafkaError INVALID_REQUEST, COORDINATOR_NOT_AVAILABLE */
function check({ transactionalId, producerId, producerEpoch }: InitProducerIdRequest): void {
  if ((producerId === -1n) !== (producerEpoch === -1)) {
    throw new KafkaError('INVALID_REQUEST', 'a producer has both id and epoch, or neither');
  }
  if (transactionalId === '') throw new KafkaError('INVALID_REQUEST', 'the transactional id is empty');
  if (transactionalId !== null) throw new KafkaError('COORDINATOR_NOT_AVAILABLE', 'there are no transactions here');
}
