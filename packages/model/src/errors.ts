export type ErrorName =
  | 'NONE'
  | 'UNKNOWN_SERVER_ERROR'
  | 'OFFSET_OUT_OF_RANGE'
  | 'CORRUPT_MESSAGE'
  | 'KAFKA_STORAGE_ERROR'
  | 'MESSAGE_TOO_LARGE'
  | 'INVALID_RECORD'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT'
  | 'INVALID_TIMESTAMP'
  | 'UNSUPPORTED_VERSION'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'DUPLICATE_SEQUENCE_NUMBER'
  | 'INVALID_PRODUCER_EPOCH'
  | 'INVALID_TXN_STATE'
  | 'TRANSACTION_COORDINATOR_FENCED'
  | 'INVALID_REQUEST'
  | 'INVALID_CONFIG'
  | 'INCONSISTENT_TOPIC_ID'
  | 'UNKNOWN_PRODUCER_ID'
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'LOG_DIR_NOT_FOUND';

/** A failure that has a place in Kafka's error table. */
export class KafkaError extends Error {
  readonly error: ErrorName;
  constructor(error: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.error = error;
  }
}
