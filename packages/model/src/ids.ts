import type { Branded } from './brand.ts';

/** Position of a record in a partition, from 0. An int64 on the wire; here a safe integer. */
export type Offset = Branded<number, 'Offset'>;
/** How often a partition has had a leader elected; -1 where none is known. An int32. */
export type LeaderEpoch = Branded<number, 'LeaderEpoch'>;
/** czxid of the broker's registration znode; fences requests of an earlier life of the same broker. An int64. */
export type BrokerEpoch = Branded<number, 'BrokerEpoch'>;
/** Version of the partition's state znode. An int32. */
export type PartitionEpoch = Branded<number, 'PartitionEpoch'>;
/** Value of `/controller_epoch`. An int32. */
export type ControllerEpoch = Branded<number, 'ControllerEpoch'>;
/** `broker.id`; an int32, not negative for a real broker. */
export type BrokerId = Branded<number, 'BrokerId'>;
/** Identity of an idempotent producer; -1 where the producer is not idempotent. An int64. */
export type ProducerId = Branded<number, 'ProducerId'>;

export const offset = (value: number): Offset => value as Offset;
export const leaderEpoch = (value: number): LeaderEpoch => value as LeaderEpoch;
export const brokerEpoch = (value: number): BrokerEpoch => value as BrokerEpoch;
export const partitionEpoch = (value: number): PartitionEpoch => value as PartitionEpoch;
export const controllerEpoch = (value: number): ControllerEpoch => value as ControllerEpoch;
export const brokerId = (value: number): BrokerId => value as BrokerId;
export const producerId = (value: number): ProducerId => value as ProducerId;

export const NO_LEADER_EPOCH = leaderEpoch(-1);
export const NO_PRODUCER_ID = producerId(-1);

/** The offset `count` places after (or, if negative, before) `from`. */
export const advance = (from: Offset, count: number): Offset => (from + count) as Offset;

/** A topic and a partition of it. */
export type TopicPartition = { readonly topic: string; readonly partition: number };

/** `topic-partition`, as Kafka names the directory and prints it. */
export const formatTopicPartition = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
