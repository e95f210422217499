import { KafkaError, type Offset, type ProducerId } from '@barnabas/model';

/** A batch of the producer is missing before this one, or a new epoch does not begin at sequence 0. */
export class OutOfOrderSequenceError extends KafkaError {
  constructor(producerId: ProducerId, firstOffset: Offset, baseSequence: number, expected: number) {
    super(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      `producer ${producerId} at offset ${firstOffset}: sequence ${baseSequence} came, ${expected} was to come`,
    );
  }
}

/** The producer, or whoever took over its id, has written with a later epoch. */
export class InvalidProducerEpochError extends KafkaError {
  constructor(producerId: ProducerId, at: Offset, epoch: number, latest: number) {
    super(
      'INVALID_PRODUCER_EPOCH',
      `producer ${producerId} at offset ${at}: epoch ${epoch} came, ${latest} has been seen`,
    );
  }
}

/** Data outside of a transaction came from a producer that has one open. */
export class InvalidTransactionStateError extends KafkaError {
  constructor(producerId: ProducerId, firstOffset: Offset, transactionOffset: Offset) {
    super(
      'INVALID_TXN_STATE',
      `producer ${producerId} at offset ${firstOffset}: not in the transaction that it began at ${transactionOffset}`,
    );
  }
}

/** A transaction marker came from a coordinator that has been replaced. */
export class TransactionCoordinatorFencedError extends KafkaError {
  constructor(producerId: ProducerId, at: Offset, coordinatorEpoch: number, latest: number) {
    super(
      'TRANSACTION_COORDINATOR_FENCED',
      `producer ${producerId} at offset ${at}: coordinator epoch ${coordinatorEpoch} came, ${latest} has been seen`,
    );
  }
}
