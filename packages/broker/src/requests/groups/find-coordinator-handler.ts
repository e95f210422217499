/**
 * FindCoordinator, versions 0 to 6 (from 4 on of many keys at once):
 *
 *   a group                                the leader of its partition of the offsets topic; that is created if there is none
 *   a transactional id, a share group      COORDINATOR_NOT_AVAILABLE: nobody coordinates those here
 *   no such kind, or not in that version   INVALID_REQUEST
 *
 * COORDINATOR_NOT_AVAILABLE also where the partition has no leader that the asker can reach; clients ask again.
 *
 * Source: Kafka's KafkaApis.getCoordinator.
 */
import { partitionFor } from '@barnabas/coordinator';
import { ERRORS, KafkaError } from '@barnabas/model';
import type { FindCoordinatorRequest } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import { brokerEndpoint } from '../../cluster/broker-endpoint.ts';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import { OFFSETS_TOPIC } from '../../cluster/internal-topics.ts';
import type { OffsetsTopicSize } from '../../groups/offsets-topic-size.ts';
import type { Logger } from '../../logger.ts';
import { type Answer, answered, type Failure, failureOf } from '../answered.ts';
import { NO_BROKER } from '../node-endpoints.ts';

export type FindCoordinatorHandlerOptions = {
  readonly cluster: ClusterView;
  readonly topicSize: Pick<OffsetsTopicSize, 'partitions'>;
  /** The name of the listener whose addresses are answered to who does not come through one. */
  readonly listener: string;
  /** Has the offsets topic created, and does not wait for it. Must not throw. */
  readonly createOffsetsTopic: () => void;
  readonly log: Logger;
};

type Node = { readonly nodeId: number; readonly host: string; readonly port: number };
type Found = Node & Failure;

const MANY_KEYS_FROM = 4;
const SHARE_GROUPS_FROM = 6;
const GROUP = 0;
const TRANSACTION = 1;
const SHARE = 2;
const NOWHERE: Node = { nodeId: NO_BROKER, host: '', port: -1 };

export const findCoordinatorHandler = (options: FindCoordinatorHandlerOptions): PeerHandler<'FindCoordinator'> =>
  answered(
    'FindCoordinator',
    options.log,
    (request, { version, listener = options.listener }) => {
      const find = (key: string): Found =>
        foundOr(() => nodeFor(key, request.keyType, version, listener, options), options);
      return answerOf(request, version, find);
    },
    (failure, request, { version }) => answerOf(request, version, () => ({ ...NOWHERE, ...failure })),
  );

function answerOf(
  { key, coordinatorKeys }: FindCoordinatorRequest,
  version: number,
  find: (key: string) => Found,
): Answer<'FindCoordinator'> {
  const throttleTimeMs = 0;
  if (version < MANY_KEYS_FROM) {
    const { error, message, ...node } = find(key);
    return { throttleTimeMs, errorCode: ERRORS[error].code, errorMessage: message, ...node };
  }
  const coordinators = coordinatorKeys.map((each) => {
    const { error, message, ...node } = find(each);
    return { key: each, ...node, errorCode: ERRORS[error].code, errorMessage: error === 'NONE' ? '' : message };
  });
  return { throttleTimeMs, coordinators };
}

function foundOr(find: () => Node, { log }: FindCoordinatorHandlerOptions): Found {
  try {
    // Kafka's word for success, in versions that have one key.
    return { ...find(), error: 'NONE', message: 'NONE' };
  } catch (error) {
    return { ...NOWHERE, ...failureOf(error, 'FindCoordinator', log) };
  }
}

/** @throws KafkaError INVALID_REQUEST, COORDINATOR_NOT_AVAILABLE */
function nodeFor(
  key: string,
  keyType: number,
  version: number,
  listener: string,
  { cluster: { image }, topicSize, createOffsetsTopic }: FindCoordinatorHandlerOptions,
): Node {
  checkKeyType(keyType, version);
  const topic = image.topics.get(OFFSETS_TOPIC);
  if (topic === undefined) {
    createOffsetsTopic();
    throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `${OFFSETS_TOPIC} is being created; ask again.`);
  }
  const { partitions } = topicSize;
  const leader = partitions === undefined ? undefined : topic.partitions.get(partitionFor(key, partitions))?.leader;
  const endpoint = leader === undefined ? undefined : brokerEndpoint(image, leader, listener);
  if (leader === undefined || endpoint === undefined) {
    throw new KafkaError('COORDINATOR_NOT_AVAILABLE', 'The coordinator of the group cannot be reached now; ask again.');
  }
  return { nodeId: leader, host: endpoint.host, port: endpoint.port };
}

function checkKeyType(keyType: number, version: number): void {
  if (keyType === GROUP) return;
  if (keyType === TRANSACTION || (keyType === SHARE && version >= SHARE_GROUPS_FROM)) {
    const what = keyType === TRANSACTION ? 'transactions' : 'share groups';
    throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `There are no ${what} here.`);
  }
  throw new KafkaError('INVALID_REQUEST', `Version ${version} has no coordinators of kind ${keyType}.`);
}
