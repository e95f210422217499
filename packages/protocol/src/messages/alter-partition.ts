/** The leader of a partition asks the controller for another ISR (KIP-497), and gets the state that then holds. */
import { array, int8, int16, int32, int64, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const BrokerState = struct({
  brokerId: int32('3+'),
  brokerEpoch: int64('3+', { default: -1n }),
});

const AlteredPartition = struct({
  partitionIndex: int32('0+'),
  leaderEpoch: int32('0+'),
  newIsr: array('0-2', int32, { default: [] }),
  /** With their broker epochs, so that a broker which has restarted since is refused (KIP-903). */
  newIsrWithEpochs: array('3+', BrokerState, { default: [] }),
  /** 0 recovered, 1 recovering from an unclean election. */
  leaderRecoveryState: int8('1+', { default: 0 }),
  /** The epoch that the leader knows: the version of the znode of the partition state. */
  partitionEpoch: int32('0+'),
});

const AlteredTopic = struct({
  topicName: string('0-1', { default: '', ignorable: true }),
  topicId: uuid('2+', { ignorable: true }),
  partitions: array('0+', AlteredPartition),
});

export const AlterPartitionRequest = message('AlterPartitionRequest', '0-3', '0+', {
  brokerId: int32('0+'),
  brokerEpoch: int64('0+', { default: -1n }),
  topics: array('0+', AlteredTopic),
});
export type AlterPartitionRequest = TypeOf<typeof AlterPartitionRequest>;

const AlterPartitionResult = struct({
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
  leaderId: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: array('0+', int32),
  leaderRecoveryState: int8('1+', { ignorable: true }),
  partitionEpoch: int32('0+'),
});

const AlterPartitionTopicResult = struct({
  topicName: string('0-1', { default: '', ignorable: true }),
  topicId: uuid('2+', { ignorable: true }),
  partitions: array('0+', AlterPartitionResult),
});

export const AlterPartitionResponse = message('AlterPartitionResponse', '0-3', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  topics: array('0+', AlterPartitionTopicResult),
});
export type AlterPartitionResponse = TypeOf<typeof AlterPartitionResponse>;
