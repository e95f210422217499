/** A transaction coordinator has the leaders of the partitions of a transaction write its commit or abort marker. */
import { array, bool, int16, int32, int64, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionErrors } from './partition-errors.ts';
import { TopicPartitionIndexes } from './topic-partitions.ts';

const WritableTxnMarker = struct({
  producerId: int64('0+'),
  producerEpoch: int16('0+'),
  /** true commits, false aborts. */
  transactionResult: bool('0+'),
  topics: array('0+', TopicPartitionIndexes),
  coordinatorEpoch: int32('0+'),
});

export const WriteTxnMarkersRequest = message('WriteTxnMarkersRequest', '0-1', '1+', {
  markers: array('0+', WritableTxnMarker),
});
export type WriteTxnMarkersRequest = TypeOf<typeof WriteTxnMarkersRequest>;

const WritableTxnMarkerResult = struct({
  producerId: int64('0+'),
  topics: array('0+', TopicPartitionErrors),
});

export const WriteTxnMarkersResponse = message('WriteTxnMarkersResponse', '0-1', '1+', {
  markers: array('0+', WritableTxnMarkerResult),
});
export type WriteTxnMarkersResponse = TypeOf<typeof WriteTxnMarkersResponse>;
