/**
 * Kafka's errors, as of 3.9: what each is called, its number on the wire, whether a client may ask again (Kafka's own
 * judgement), the HTTP status that it gets where a door has no rule of its own, and what it means.
 *
 * How the status is chosen: 4xx where the asker has to change something, 409 where it is out of step (an epoch, a
 * generation, a state); 503 where nothing was done and it may ask again; 504 where it may have been done and nobody
 * knows yet; 500 where something is broken.
 */
export type ErrorRow = {
  readonly name: ErrorName;
  readonly code: number;
  readonly httpStatus: number;
  readonly retriable: boolean;
  readonly sentence: string;
};

type Entry = Omit<ErrorRow, 'name'>;

const final = (code: number, httpStatus: number, sentence: string): Entry => ({
  code,
  httpStatus,
  retriable: false,
  sentence,
});

const again = (code: number, httpStatus: number, sentence: string): Entry => ({
  code,
  httpStatus,
  retriable: true,
  sentence,
});

// biome-ignore format: one error, one line
const TABLE = {
  UNKNOWN_SERVER_ERROR: final(-1, 500, 'Something went wrong for which there is no name.'),
  NONE: final(0, 200, 'All went well.'),
  OFFSET_OUT_OF_RANGE: final(1, 416, 'The offset lies before the start or beyond the end of the log.'),
  CORRUPT_MESSAGE: again(2, 500, 'A batch does not match its checksum or its own lengths.'),
  UNKNOWN_TOPIC_OR_PARTITION: again(3, 404, 'This broker knows no such topic or partition.'),
  INVALID_FETCH_SIZE: final(4, 400, 'No fetch can have this size.'),
  LEADER_NOT_AVAILABLE: again(5, 503, 'The partition has no leader yet.'),
  NOT_LEADER_OR_FOLLOWER: again(6, 503, 'This broker does not lead the partition, or holds no replica of it.'),
  REQUEST_TIMED_OUT: again(7, 504, 'It took longer than the asker would wait; it may still happen.'),
  BROKER_NOT_AVAILABLE: final(8, 503, 'The broker cannot be reached.'),
  REPLICA_NOT_AVAILABLE: again(9, 503, 'The replica that was asked for cannot be reached.'),
  MESSAGE_TOO_LARGE: final(10, 413, 'A batch is larger than the topic takes.'),
  STALE_CONTROLLER_EPOCH: final(11, 409, 'The request comes from a controller that has been replaced.'),
  OFFSET_METADATA_TOO_LARGE: final(12, 413, 'The text committed with an offset is too long.'),
  NETWORK_EXCEPTION: again(13, 502, 'The connection was lost before an answer came.'),
  COORDINATOR_LOAD_IN_PROGRESS: again(14, 503, 'The coordinator is still reading its state.'),
  COORDINATOR_NOT_AVAILABLE: again(15, 503, 'There is no coordinator at the moment.'),
  NOT_COORDINATOR: again(16, 503, 'Another broker coordinates this group or transaction.'),
  INVALID_TOPIC_EXCEPTION: final(17, 400, 'A topic cannot have this name, or this cannot be done to it.'),
  RECORD_LIST_TOO_LARGE: final(18, 413, 'A batch is larger than a whole segment.'),
  NOT_ENOUGH_REPLICAS: again(19, 503, 'Nothing was appended: too few replicas are in sync.'),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: again(20, 504, 'It was appended, but too few replicas were left in sync to vouch for it.'),
  INVALID_REQUIRED_ACKS: final(21, 400, 'The acknowledgements asked for are none of 0, 1 and all.'),
  ILLEGAL_GENERATION: final(22, 409, 'The group has moved on to another generation.'),
  INCONSISTENT_GROUP_PROTOCOL: final(23, 409, 'The member shares no protocol with the rest of the group, or names none.'),
  INVALID_GROUP_ID: final(24, 400, 'A group cannot have this id.'),
  UNKNOWN_MEMBER_ID: final(25, 404, 'The group has no such member.'),
  INVALID_SESSION_TIMEOUT: final(26, 400, 'The session timeout is outside of what the broker allows.'),
  REBALANCE_IN_PROGRESS: final(27, 409, 'The group is rebalancing; its members have to join again.'),
  INVALID_COMMIT_OFFSET_SIZE: final(28, 413, 'The offsets to commit are too large for one batch.'),
  TOPIC_AUTHORIZATION_FAILED: final(29, 403, 'This is not permitted on the topic.'),
  GROUP_AUTHORIZATION_FAILED: final(30, 403, 'This is not permitted on the group.'),
  CLUSTER_AUTHORIZATION_FAILED: final(31, 403, 'This is not permitted on the cluster.'),
  INVALID_TIMESTAMP: final(32, 422, "A record's timestamp is too far from the broker's clock."),
  UNSUPPORTED_SASL_MECHANISM: final(33, 400, 'The broker does not offer this SASL mechanism.'),
  ILLEGAL_SASL_STATE: final(34, 400, 'The request does not belong at this point of the SASL exchange.'),
  UNSUPPORTED_VERSION: final(35, 400, 'This version of the API is not served.'),
  TOPIC_ALREADY_EXISTS: final(36, 409, 'There is a topic of this name.'),
  INVALID_PARTITIONS: final(37, 400, 'A topic cannot have this number of partitions.'),
  INVALID_REPLICATION_FACTOR: final(38, 400, 'There cannot be this number of replicas, or there are not enough brokers for it.'),
  INVALID_REPLICA_ASSIGNMENT: final(39, 400, 'The replicas cannot be placed like this.'),
  INVALID_CONFIG: final(40, 400, 'A configuration property is unknown or has a value that is not allowed.'),
  NOT_CONTROLLER: again(41, 503, 'Another broker is the controller.'),
  INVALID_REQUEST: final(42, 400, 'The request contradicts itself or the protocol.'),
  UNSUPPORTED_FOR_MESSAGE_FORMAT: final(43, 400, 'The format of the batches does not provide for this.'),
  POLICY_VIOLATION: final(44, 400, 'A policy of this cluster forbids the request.'),
  OUT_OF_ORDER_SEQUENCE_NUMBER: final(45, 409, "A producer's batch does not follow on its last one."),
  DUPLICATE_SEQUENCE_NUMBER: final(46, 409, "A producer's batch was appended before."),
  INVALID_PRODUCER_EPOCH: final(47, 409, 'The producer uses an epoch that has been replaced.'),
  INVALID_TXN_STATE: final(48, 409, 'The transaction is not in a state for this.'),
  INVALID_PRODUCER_ID_MAPPING: final(49, 409, 'The producer id does not belong to this transactional id.'),
  INVALID_TRANSACTION_TIMEOUT: final(50, 400, 'The transaction timeout is longer than the broker allows.'),
  CONCURRENT_TRANSACTIONS: again(51, 409, 'Something else is being done to the same transaction.'),
  TRANSACTION_COORDINATOR_FENCED: final(52, 409, 'The marker comes from a coordinator that has been replaced.'),
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: final(53, 403, 'This is not permitted on the transactional id.'),
  SECURITY_DISABLED: final(54, 400, 'The broker runs without the security that the request is about.'),
  OPERATION_NOT_ATTEMPTED: final(55, 424, 'It was left undone because another part of the request failed.'),
  KAFKA_STORAGE_ERROR: again(56, 500, 'The disk, or what was found on it, failed the broker.'),
  LOG_DIR_NOT_FOUND: final(57, 404, 'The broker has no such log directory.'),
  SASL_AUTHENTICATION_FAILED: final(58, 401, 'The credentials were not accepted.'),
  UNKNOWN_PRODUCER_ID: final(59, 409, 'Nothing is known any more of this producer.'),
  REASSIGNMENT_IN_PROGRESS: final(60, 409, 'The replicas of the partition are on the move.'),
  DELEGATION_TOKEN_AUTH_DISABLED: final(61, 400, 'The broker takes no delegation tokens.'),
  DELEGATION_TOKEN_NOT_FOUND: final(62, 404, 'There is no such delegation token.'),
  DELEGATION_TOKEN_OWNER_MISMATCH: final(63, 403, 'The delegation token is neither owned nor renewable by the asker.'),
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: final(64, 403, 'Delegation tokens are not dealt with on a connection like this.'),
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: final(65, 403, 'This is not permitted on the delegation token.'),
  DELEGATION_TOKEN_EXPIRED: final(66, 401, 'The delegation token is past its time.'),
  INVALID_PRINCIPAL_TYPE: final(67, 400, 'Principals of this type are not supported.'),
  NON_EMPTY_GROUP: final(68, 409, 'The group still has members.'),
  GROUP_ID_NOT_FOUND: final(69, 404, 'There is no such group.'),
  FETCH_SESSION_ID_NOT_FOUND: again(70, 404, 'The broker has no such fetch session.'),
  INVALID_FETCH_SESSION_EPOCH: again(71, 409, 'The fetch is not the next one of its session.'),
  LISTENER_NOT_FOUND: again(72, 503, 'The leader has no listener of the name through which it was asked for.'),
  TOPIC_DELETION_DISABLED: final(73, 403, 'This cluster does not delete topics.'),
  FENCED_LEADER_EPOCH: again(74, 409, 'The asker goes by a leader epoch that is over.'),
  UNKNOWN_LEADER_EPOCH: again(75, 503, 'The asker knows of a later leader epoch than this broker.'),
  UNSUPPORTED_COMPRESSION_TYPE: final(76, 415, 'The codec of a batch is unknown, or unknown to who asked.'),
  STALE_BROKER_EPOCH: final(77, 409, 'The request belongs to an earlier registration of the broker.'),
  OFFSET_NOT_AVAILABLE: again(78, 503, 'A new leader has not confirmed its high watermark yet.'),
  MEMBER_ID_REQUIRED: final(79, 400, 'The member has to join again, with the id that it has just been given.'),
  PREFERRED_LEADER_NOT_AVAILABLE: again(80, 503, 'The preferred replica cannot lead at the moment.'),
  GROUP_MAX_SIZE_REACHED: final(81, 409, 'The group takes no more members.'),
  FENCED_INSTANCE_ID: final(82, 409, 'Another member has taken over this static instance id.'),
  ELIGIBLE_LEADERS_NOT_AVAILABLE: again(83, 503, 'No replica that may lead is there.'),
  ELECTION_NOT_NEEDED: again(84, 409, 'The partition has the leader that it should have.'),
  NO_REASSIGNMENT_IN_PROGRESS: final(85, 404, 'The replicas of the partition are not on the move.'),
  GROUP_SUBSCRIBED_TO_TOPIC: final(86, 409, 'The group still consumes the topic whose offsets should go.'),
  INVALID_RECORD: final(87, 422, 'A record or its batch breaks the rules of the topic.'),
  UNSTABLE_OFFSET_COMMIT: again(88, 503, 'A transaction that is still open has committed offsets.'),
  THROTTLING_QUOTA_EXCEEDED: again(89, 429, 'The asker is over its quota.'),
  PRODUCER_FENCED: final(90, 409, 'A newer producer has taken over this transactional id.'),
  RESOURCE_NOT_FOUND: final(91, 404, 'There is no such resource.'),
  DUPLICATE_RESOURCE: final(92, 400, 'The request names the same resource twice.'),
  UNACCEPTABLE_CREDENTIAL: final(93, 400, 'The credential is too weak or malformed.'),
  INCONSISTENT_VOTER_SET: final(94, 409, 'One of the two sides is no voter in the view of the other.'),
  INVALID_UPDATE_VERSION: final(95, 409, 'What should be changed has been changed by someone else.'),
  FEATURE_UPDATE_FAILED: final(96, 500, 'The features of the cluster could not be changed.'),
  PRINCIPAL_DESERIALIZATION_FAILURE: final(97, 500, 'The principal of a forwarded request cannot be read.'),
  SNAPSHOT_NOT_FOUND: final(98, 404, 'There is no such snapshot.'),
  POSITION_OUT_OF_RANGE: final(99, 416, 'The position lies outside of the snapshot.'),
  UNKNOWN_TOPIC_ID: again(100, 404, 'This broker knows no topic with this id.'),
  DUPLICATE_BROKER_REGISTRATION: final(101, 409, 'Another broker has this id.'),
  BROKER_ID_NOT_REGISTERED: final(102, 404, 'No broker has registered with this id.'),
  INCONSISTENT_TOPIC_ID: again(103, 409, 'The log belongs to another topic, of the same name.'),
  INCONSISTENT_CLUSTER_ID: final(104, 409, 'The request is meant for another cluster.'),
  TRANSACTIONAL_ID_NOT_FOUND: final(105, 404, 'There is no such transactional id.'),
  FETCH_SESSION_TOPIC_ID_ERROR: again(106, 409, 'The fetch session began with topic names and goes on with ids, or the reverse.'),
  INELIGIBLE_REPLICA: final(107, 409, 'A replica of the proposed ISR may not be in it.'),
  NEW_LEADER_ELECTED: final(108, 409, 'The change was made, and with it another replica leads.'),
  OFFSET_MOVED_TO_TIERED_STORAGE: final(109, 416, 'The offset is no longer in the log, only in remote storage.'),
  FENCED_MEMBER_EPOCH: final(110, 409, 'The member has been fenced; it has to give up its partitions and join again.'),
  UNRELEASED_INSTANCE_ID: final(111, 409, 'The member that has this instance id has not left yet.'),
  UNSUPPORTED_ASSIGNOR: final(112, 400, 'The group cannot use this assignor.'),
  STALE_MEMBER_EPOCH: final(113, 409, 'The member uses an epoch that is over; its next heartbeat brings the new one.'),
  MISMATCHED_ENDPOINT_TYPE: final(114, 421, 'The request belongs at another kind of endpoint.'),
  UNSUPPORTED_ENDPOINT_TYPE: final(115, 400, 'Endpoints of this kind are not supported.'),
  UNKNOWN_CONTROLLER_ID: final(116, 404, 'No controller has this id.'),
  UNKNOWN_SUBSCRIPTION_ID: final(117, 404, "The client's telemetry belongs to no current subscription."),
  TELEMETRY_TOO_LARGE: final(118, 413, "The client's telemetry is larger than the broker takes."),
  INVALID_REGISTRATION: final(119, 400, 'The controller does not accept this registration of a broker.'),
  TRANSACTION_ABORTABLE: final(120, 409, 'The transaction cannot go on; once aborted, its producer can.'),
  INVALID_RECORD_STATE: final(121, 409, 'The record is not in a state in which its delivery can be acknowledged.'),
  SHARE_SESSION_NOT_FOUND: again(122, 404, 'The broker has no such share session.'),
  INVALID_SHARE_SESSION_EPOCH: again(123, 409, 'The request is not the next one of its share session.'),
  FENCED_STATE_EPOCH: final(124, 409, 'The state of the share group has moved on to another epoch.'),
  INVALID_VOTER_KEY: final(125, 409, 'The voter key is that of another replica.'),
  DUPLICATE_VOTER: final(126, 409, 'The replica is a voter already.'),
  VOTER_NOT_FOUND: final(127, 404, 'The replica is no voter.'),
} as const satisfies Record<string, Entry>;

/** Kafka's name for an error. */
export type ErrorName = keyof typeof TABLE;

const NAMED = Object.entries(TABLE).map(([name, entry]) => [name, { name, ...entry }]);

/** Every error, in the order of the codes. */
export const ERRORS = Object.freeze(Object.fromEntries(NAMED)) as Readonly<Record<ErrorName, ErrorRow>>;
