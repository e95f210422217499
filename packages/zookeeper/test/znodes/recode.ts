import { brokerId } from '@barnabas/model';
import { EXTENDED_ACL_CHANGES, LITERAL_ACL_CHANGES } from '../../src/znodes/acl-change-notification.ts';
import type { ResourceType } from '../../src/znodes/acl-names.ts';
import { decodeAcls, encodeAcls } from '../../src/znodes/acl-znode.ts';
import { decodeBrokerRegistration, encodeBrokerRegistration } from '../../src/znodes/broker-registration.ts';
import { decodeClusterId, encodeClusterId } from '../../src/znodes/cluster-id.ts';
import { CONFIG_CHANGES } from '../../src/znodes/config-change-notification.ts';
import { parseEntityPath } from '../../src/znodes/config-entity.ts';
import { decodeConfig, encodeConfig } from '../../src/znodes/config-znode.ts';
import { decodeConsumerOffset } from '../../src/znodes/consumer-offset.ts';
import { decodeControllerEpoch, encodeControllerEpoch } from '../../src/znodes/controller-epoch.ts';
import { decodeController, encodeController } from '../../src/znodes/controller-znode.ts';
import { decodeDelegationToken, encodeDelegationToken } from '../../src/znodes/delegation-token.ts';
import { DELEGATION_TOKEN_CHANGES } from '../../src/znodes/delegation-token-change.ts';
import { decodeFeature, encodeFeature } from '../../src/znodes/feature-znode.ts';
import { ISR_CHANGES } from '../../src/znodes/isr-change-notification.ts';
import { LOG_DIR_EVENTS } from '../../src/znodes/log-dir-event-notification.ts';
import type { NotificationKind } from '../../src/znodes/notification-kind.ts';
import { decodePartitionState, encodePartitionState } from '../../src/znodes/partition-state.ts';
import {
  decodePreferredReplicaElection,
  encodePreferredReplicaElection,
} from '../../src/znodes/preferred-replica-election.ts';
import { decodeProducerIdBlock, encodeProducerIdBlock } from '../../src/znodes/producer-id-block.ts';
import { decodeReassignPartitions, encodeReassignPartitions } from '../../src/znodes/reassign-partitions.ts';
import { decodeTopic, encodeTopic } from '../../src/znodes/topic-znode.ts';

type Data = Uint8Array | null;
/** Decodes what stands at the path that matched, and encodes it again. */
type Recoder = (data: Data, names: readonly string[]) => Data;

const RECODERS: readonly (readonly [RegExp, Recoder])[] = [
  // What was elected when is not decoded; the test of the codec compares the whole text.
  [/^\/controller$/, (data) => encodeController(decodeController(data), timestampOf(data))],
  [/^\/controller_epoch$/, (data) => encodeControllerEpoch(decodeControllerEpoch(data))],
  [
    /^\/brokers\/ids\/(\d+)$/,
    (data, [id]) => encodeBrokerRegistration(decodeBrokerRegistration(brokerId(Number(id)), data)),
  ],
  [/^\/brokers\/topics\/([^/]+)$/, (data, [topic = '']) => encodeTopic(decodeTopic(topic, data))],
  [
    /^\/brokers\/topics\/([^/]+)\/partitions\/(\d+)\/state$/,
    (data, [topic = '', partition]) =>
      encodePartitionState(decodePartitionState({ topic, partition: Number(partition) }, data)),
  ],
  [/^\/cluster\/id$/, (data) => encodeClusterId(decodeClusterId(data))],
  [/^\/config\/changes\/.+$/, throughKind(CONFIG_CHANGES)],
  [
    /^\/config\/(.+\/.+)$/,
    (data, [path = '']) => {
      const entity = parseEntityPath(path);
      // `/config/users/bob/clients` is no entity, and has no data.
      return data === null || entity === undefined ? data : encodeConfig(decodeConfig(entity, data));
    },
  ],
  [/^\/isr_change_notification\/.+$/, throughKind(ISR_CHANGES)],
  [/^\/log_dir_event_notification\/.+$/, throughKind(LOG_DIR_EVENTS)],
  [/^\/admin\/reassign_partitions$/, (data) => encodeReassignPartitions(decodeReassignPartitions(data))],
  [
    /^\/admin\/preferred_replica_election$/,
    (data) => encodePreferredReplicaElection(decodePreferredReplicaElection(data)),
  ],
  [
    /^\/latest_producer_id_block$/,
    (data) => {
      const block = decodeProducerIdBlock(data);
      return block === undefined ? null : encodeProducerIdBlock(block);
    },
  ],
  [/^\/feature$/, (data) => encodeFeature(decodeFeature(data))],
  [/^\/kafka-acl\/(\w+)\/(.+)$/, throughAcls('LITERAL')],
  [/^\/kafka-acl-extended\/prefixed\/(\w+)\/(.+)$/, throughAcls('PREFIXED')],
  [/^\/kafka-acl-changes\/.+$/, throughKind(LITERAL_ACL_CHANGES)],
  [/^\/kafka-acl-extended-changes\/.+$/, throughKind(EXTENDED_ACL_CHANGES)],
  [/^\/delegation_token\/tokens\/(.+)$/, (data, [id = '']) => encodeDelegationToken(decodeDelegationToken(id, data))],
  [/^\/delegation_token\/token_changes\/.+$/, throughKind(DELEGATION_TOKEN_CHANGES)],
  [
    /^\/consumers\/([^/]+)\/offsets\/([^/]+)\/(\d+)$/,
    (data, [group = '', topic = '', partition]) =>
      Buffer.from(`${decodeConsumerOffset(group, { topic, partition: Number(partition) }, data)}`),
  ],
];

/** What the codec of `path` makes of the data; undefined where no codec has it. */
export function recode(path: string, data: Data): { readonly data: Data } | undefined {
  for (const [pattern, recoder] of RECODERS) {
    const match = pattern.exec(path);
    if (match !== null) return { data: recoder(data, match.slice(1)) };
  }
  return undefined;
}

function throughKind<T>(kind: NotificationKind<T>): Recoder {
  return (data) => kind.encode(kind.decode(`${kind.parent}/${kind.prefix}0000000000`, data));
}

function throughAcls(patternType: 'LITERAL' | 'PREFIXED'): Recoder {
  return (data, [type, name = '']) =>
    encodeAcls(decodeAcls({ resourceType: type as ResourceType, name, patternType }, data));
}

function timestampOf(data: Data): number {
  return Number((JSON.parse(Buffer.from(data ?? []).toString()) as { timestamp?: string }).timestamp ?? 0);
}
