import { offset, producerId } from '@barnabas/model';
import type { ProducerBatch, TransactionMarker } from '../../src/producer/producer-state.ts';
import { ProducerStates } from '../../src/producer/producer-state.ts';

export const PRODUCER = producerId(7);

/** A batch of `count` records from a producer, with what matters to the test set otherwise. */
export function batch(
  firstOffset: number,
  baseSequence: number,
  count = 1,
  changes: Partial<ProducerBatch> = {},
): ProducerBatch {
  const lastSequence = baseSequence < 0 ? -1 : (baseSequence + count - 1) % 2 ** 31;
  return {
    producerId: PRODUCER,
    producerEpoch: 0,
    baseSequence,
    lastSequence,
    firstOffset: offset(firstOffset),
    lastOffset: offset(firstOffset + count - 1),
    maxTimestamp: 1000,
    transactional: false,
    ...changes,
  };
}

export const marker = (at: number, changes: Partial<TransactionMarker> = {}): TransactionMarker => ({
  producerId: PRODUCER,
  producerEpoch: 0,
  coordinatorEpoch: 0,
  kind: 'commit',
  offset: offset(at),
  timestamp: 2000,
  ...changes,
});

export function statesAfter(...batches: ProducerBatch[]): ProducerStates {
  const states = new ProducerStates();
  for (const each of batches) states.apply(each);
  return states;
}
