/**
 * Reads record batches: followers and consumers alike. From version 7 on within a session, which only names what has
 * changed (KIP-227); from 13 on topics go by id.
 */
import {
  array,
  int8,
  int16,
  int32,
  int64,
  nested,
  records,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { LeaderIdAndEpoch, NodeEndpoint } from './leader-and-endpoints.ts';

const ReplicaState = struct({
  replicaId: int32('15+', { default: -1 }),
  replicaEpoch: int64('15+', { default: -1n }),
});

const FetchPartition = struct({
  partition: int32('0+'),
  /** The epoch that the reader knows; -1: none. The leader refuses an older or newer one (KIP-320). */
  currentLeaderEpoch: int32('9+', { default: -1, ignorable: true }),
  fetchOffset: int64('0+'),
  /** Epoch of the last record that the reader has; lets the leader see that logs diverge (KIP-595). */
  lastFetchedEpoch: int32('12+', { default: -1 }),
  /** Of a follower; -1 from a consumer. */
  logStartOffset: int64('5+', { default: -1n, ignorable: true }),
  partitionMaxBytes: int32('0+'),
  replicaDirectoryId: uuid('17+', { tag: 0, ignorable: true }),
});

const FetchTopic = struct({
  topic: string('0-12', { ignorable: true }),
  topicId: uuid('13+', { ignorable: true }),
  partitions: array('0+', FetchPartition),
});

const ForgottenTopic = struct({
  topic: string('7-12', { ignorable: true }),
  topicId: uuid('13+', { ignorable: true }),
  partitions: array('7+', int32),
});

export const FetchRequest = message('FetchRequest', '0-17', '12+', {
  clusterId: string('12+', { nullable: '12+', tag: 0, default: null, ignorable: true }),
  /** -1: a consumer. From version 15 on in `replicaState`. */
  replicaId: int32('0-14', { default: -1 }),
  replicaState: nested('15+', ReplicaState, { tag: 1 }),
  maxWaitMs: int32('0+'),
  minBytes: int32('0+'),
  maxBytes: int32('3+', { default: 0x7fff_ffff, ignorable: true }),
  /** 0 read uncommitted, 1 read committed. */
  isolationLevel: int8('4+', { default: 0, ignorable: true }),
  sessionId: int32('7+', { default: 0, ignorable: true }),
  /** -1: no session; 0: open one. */
  sessionEpoch: int32('7+', { default: -1, ignorable: true }),
  topics: array('0+', FetchTopic),
  /** Partitions that leave the session. */
  forgottenTopicsData: array('7+', ForgottenTopic, { default: [] }),
  rackId: string('11+', { default: '', ignorable: true }),
});
export type FetchRequest = TypeOf<typeof FetchRequest>;

const EpochEndOffset = struct({
  epoch: int32('12+', { default: -1 }),
  endOffset: int64('12+', { default: -1n }),
});

const SnapshotId = struct({
  endOffset: int64('12+', { default: -1n }),
  epoch: int32('12+', { default: -1 }),
});

const AbortedTransaction = struct({
  producerId: int64('4+'),
  firstOffset: int64('4+'),
});

const FetchedPartition = struct({
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
  highWatermark: int64('0+'),
  lastStableOffset: int64('4+', { default: -1n, ignorable: true }),
  logStartOffset: int64('5+', { default: -1n, ignorable: true }),
  /** Where the log of the reader and this one part; the reader truncates to it. */
  divergingEpoch: nested('12+', EpochEndOffset, { tag: 0 }),
  currentLeader: nested('12+', LeaderIdAndEpoch, { tag: 1 }),
  snapshotId: nested('12+', SnapshotId, { tag: 2 }),
  /** Null unless read committed was asked for. */
  abortedTransactions: array('4+', AbortedTransaction, { nullable: '4+', ignorable: true }),
  /** Where this consumer should rather read (KIP-392); -1: here. */
  preferredReadReplica: int32('11+', { default: -1 }),
  records: records('0+', { nullable: '0+' }),
});

const FetchableTopicResponse = struct({
  topic: string('0-12', { ignorable: true }),
  topicId: uuid('13+', { ignorable: true }),
  partitions: array('0+', FetchedPartition),
});

export const FetchResponse = message('FetchResponse', '0-17', '12+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('7+', { ignorable: true }),
  sessionId: int32('7+', { default: 0 }),
  responses: array('0+', FetchableTopicResponse),
  nodeEndpoints: array('16+', NodeEndpoint, { tag: 0 }),
});
export type FetchResponse = TypeOf<typeof FetchResponse>;
