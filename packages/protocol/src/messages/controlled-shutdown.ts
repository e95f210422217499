/**
 * A broker that wants to stop asks the controller to move its leaderships away, and asks again while some remain.
 * Version 0 has a header without a client id.
 */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const ControlledShutdownRequest = message('ControlledShutdownRequest', '0-3', '3+', {
  brokerId: int32('0+'),
  brokerEpoch: int64('2+', { default: -1n, ignorable: true }),
});
export type ControlledShutdownRequest = TypeOf<typeof ControlledShutdownRequest>;

const RemainingPartition = struct({
  topicName: string('0+'),
  partitionIndex: int32('0+'),
});

export const ControlledShutdownResponse = message('ControlledShutdownResponse', '0-3', '3+', {
  errorCode: int16('0+'),
  remainingPartitions: array('0+', RemainingPartition),
});
export type ControlledShutdownResponse = TypeOf<typeof ControlledShutdownResponse>;
