import { brokerId, controllerEpoch, leaderEpoch, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { EXTENDED_ACL_CHANGES, LITERAL_ACL_CHANGES } from '../../src/znodes/acl-change-notification.ts';
import { notifiedResourceType, type PatternType, resourceTypeOfNotified } from '../../src/znodes/acl-names.ts';
import { aclPath, decodeAcls, encodeAcls } from '../../src/znodes/acl-znode.ts';
import { decodeBrokerRegistration, encodeBrokerRegistration } from '../../src/znodes/broker-registration.ts';
import { encodeClusterId } from '../../src/znodes/cluster-id.ts';
import { CONFIG_CHANGES } from '../../src/znodes/config-change-notification.ts';
import { parseEntityPath } from '../../src/znodes/config-entity.ts';
import { decodeConfig, encodeConfig } from '../../src/znodes/config-znode.ts';
import { decodeConsumerOffset } from '../../src/znodes/consumer-offset.ts';
import { decodeControllerEpoch, encodeControllerEpoch } from '../../src/znodes/controller-epoch.ts';
import { decodeController, encodeController } from '../../src/znodes/controller-znode.ts';
import {
  type DelegationToken,
  decodeDelegationToken,
  encodeDelegationToken,
} from '../../src/znodes/delegation-token.ts';
import type { Endpoint } from '../../src/znodes/endpoint.ts';
import { decodeFeature, encodeFeature } from '../../src/znodes/feature-znode.ts';
import { ISR_CHANGES } from '../../src/znodes/isr-change-notification.ts';
import { LOG_DIR_EVENTS } from '../../src/znodes/log-dir-event-notification.ts';
import { decodePartitionState, encodePartitionState } from '../../src/znodes/partition-state.ts';
import { encodePreferredReplicaElection } from '../../src/znodes/preferred-replica-election.ts';
import { encodeProducerIdBlock } from '../../src/znodes/producer-id-block.ts';
import { encodeReassignPartitions } from '../../src/znodes/reassign-partitions.ts';
import { desanitizeName, sanitizeName } from '../../src/znodes/sanitized-name.ts';
import { decodeTopic, encodeTopic } from '../../src/znodes/topic-znode.ts';
import { encodingsOf } from './golden-znodes.ts';

const ID = brokerId(1);
const T0 = { topic: 't', partition: 0 };

describe("what Kafka's own encoders make of given facts, ours make too", () => {
  it('of a controller and its epoch', () => {
    for (const { facts, text } of encodingsOf<{ brokerId: number; timestampMs: number }>('controller')) {
      expect(textOf(encodeController(brokerId(facts.brokerId), facts.timestampMs))).toBe(text);
      expect(decodeController(Buffer.from(text))).toBe(facts.brokerId);
    }
    for (const { facts, text } of encodingsOf<number>('controllerEpoch')) {
      expect(textOf(encodeControllerEpoch(controllerEpoch(facts)))).toBe(text);
      expect(decodeControllerEpoch(Buffer.from(text))).toBe(facts);
    }
  });

  it('of brokers with any number of listeners', () => {
    for (const { facts, text } of encodingsOf<BrokerFacts>('broker')) {
      const registration = { ...facts, rack: facts.rack ?? undefined, features: featuresOf(facts), unclean: false };
      const { version, ...decoded } = { ...registration };
      if (version === 5) expect(textOf(encodeBrokerRegistration(registration))).toBe(text);
      // Version 2 has no map: a listener is called as its protocol.
      expect(decodeBrokerRegistration(ID, Buffer.from(text))).toEqual(decoded);
    }
  });

  it('of topics with any number of partitions, in whatever order they come', () => {
    for (const { facts, text } of encodingsOf<{ topicId: string | null; partitionCount: number }>('topic')) {
      const topic = decodeTopic('t', Buffer.from(text));
      expect(topic.topicId).toBe(facts.topicId ?? undefined);
      expect(topic.partitions.size).toBe(facts.partitionCount);
      const falling = [...topic.partitions].sort(([a], [b]) => b - a);
      expect(textOf(encodeTopic({ ...topic, partitions: new Map(falling) }))).toBe(text);
    }
  });

  it('of partition states', () => {
    for (const { facts, text } of encodingsOf<StateFacts>('partitionState')) {
      const state = {
        leader: facts.leader === -1 ? undefined : brokerId(facts.leader),
        leaderEpoch: leaderEpoch(facts.leaderEpoch),
        controllerEpoch: controllerEpoch(facts.controllerEpoch),
        isr: facts.isr.map(brokerId),
        isRecovering: facts.recovering,
      };
      expect(textOf(encodePartitionState(state))).toBe(text);
      expect(decodePartitionState(T0, Buffer.from(text))).toEqual(state);
    }
  });

  it("of configurations, in the order of Java's hash table", () => {
    for (const { facts, text } of encodingsOf<[string, string][]>('config')) {
      expect(textOf(encodeConfig(new Map(facts)))).toBe(text);
      expect(decodeConfig({ type: 'topic', topic: 't' }, Buffer.from(text))).toEqual(new Map(facts));
    }
  });

  it('of notifications', () => {
    for (const { facts, text } of encodingsOf<string>('configChange')) {
      const entity = parseEntityPath(facts);
      expect(textOf(CONFIG_CHANGES.encode(entity ?? { type: 'topic', topic: '' }))).toBe(text);
    }
    for (const { facts, text } of encodingsOf<{ topic: string; partition: number }[]>('isrChange')) {
      expect(textOf(ISR_CHANGES.encode(facts))).toBe(text);
      expect(ISR_CHANGES.decode('/p', Buffer.from(text))).toEqual(facts);
    }
    for (const { facts, text } of encodingsOf<number>('logDirEvent')) {
      expect(textOf(LOG_DIR_EVENTS.encode(brokerId(facts)))).toBe(text);
      expect(LOG_DIR_EVENTS.decode('/p', Buffer.from(text))).toBe(facts);
    }
  });

  it('of what old tools write below /admin', () => {
    for (const { facts, text } of encodingsOf<{ topic: string; partition: number }[]>('preferredReplicaElection')) {
      expect(textOf(encodePreferredReplicaElection(facts))).toBe(text);
    }
    for (const { facts, text } of encodingsOf<ReassignmentFacts[]>('reassignPartitions')) {
      const reassignments = facts.map((entry) => ({ ...entry, replicas: entry.replicas.map(brokerId) }));
      expect(textOf(encodeReassignPartitions(reassignments))).toBe(text);
    }
  });

  it('of a cluster id and a block of producer ids', () => {
    for (const { facts, text } of encodingsOf<string>('clusterId')) expect(textOf(encodeClusterId(facts))).toBe(text);
    for (const { facts, text } of encodingsOf<BlockFacts>('producerIdBlock')) {
      const [first, last] = [producerId(facts.firstProducerId), producerId(facts.lastProducerId)];
      expect(textOf(encodeProducerIdBlock({ broker: brokerId(facts.brokerId), first, last }))).toBe(text);
    }
  });

  it('of features; version 1, which had more, is read', () => {
    for (const { facts, text } of encodingsOf<FeatureFacts>('feature')) {
      const feature = { isEnabled: facts.enabled, features: new Map(Object.entries(facts.features)) };
      if (facts.version === 2) expect(textOf(encodeFeature(feature))).toBe(text);
      expect(decodeFeature(Buffer.from(text))).toEqual(feature);
    }
  });

  it('of access control', () => {
    const resource = { resourceType: 'Topic', name: 't', patternType: 'LITERAL' } as const;
    for (const { facts, text } of encodingsOf<{ principal: string; host: string; operation: string }[]>('acls')) {
      const entries = decodeAcls(resource, Buffer.from(text));
      expect(entries).toMatchObject(facts.map(({ principal, host }) => ({ principal, host })));
      expect(entries.map(({ operation }) => operation.toUpperCase())).toEqual(
        facts.map(({ operation }) => operation.replaceAll('_', '')),
      );
      expect(textOf(encodeAcls(entries))).toBe(text);
    }
  });

  it('of changes of access control', () => {
    const changes = encodingsOf<AclChangeFacts>('aclChange');
    expect(changes.length).toBe(12);
    for (const { facts, text } of changes) {
      const resourceType = resourceTypeOfNotified(facts.resourceType) ?? 'Topic';
      expect(notifiedResourceType(resourceType)).toBe(facts.resourceType);
      const resource = { resourceType, name: facts.name, patternType: facts.patternType };
      const kind = facts.patternType === 'LITERAL' ? LITERAL_ACL_CHANGES : EXTENDED_ACL_CHANGES;
      expect(`${kind.parent}/${kind.prefix}`).toBe(facts.createPath);
      expect(aclPath(resource)).toBe(facts.aclPath);
      expect(textOf(kind.encode(resource))).toBe(text);
      expect(kind.decode('/p', Buffer.from(text))).toEqual(resource);
    }
  });

  it('of delegation tokens', () => {
    for (const { facts, text } of encodingsOf<DelegationToken>('delegationToken')) {
      expect(textOf(encodeDelegationToken(facts))).toBe(text);
      expect(decodeDelegationToken(facts.tokenId, Buffer.from(text))).toEqual(facts);
    }
  });

  it('of an offset of an old consumer', () => {
    for (const { facts, text } of encodingsOf<number>('consumerOffset')) {
      expect(decodeConsumerOffset('g', T0, Buffer.from(text))).toBe(facts);
    }
  });

  it('of sanitized names', () => {
    for (const { facts, text } of encodingsOf<string>('sanitized')) {
      expect(sanitizeName(facts)).toBe(text);
      expect(desanitizeName(text)).toBe(facts);
    }
  });
});

type BrokerFacts = {
  readonly version: number;
  readonly endpoints: readonly Endpoint[];
  readonly jmxPort: number;
  readonly rack: string | null;
  readonly timestampMs: number;
  readonly features: Readonly<Record<string, { readonly minVersion: number; readonly maxVersion: number }>>;
};
type StateFacts = {
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly controllerEpoch: number;
  readonly isr: readonly number[];
  readonly recovering: boolean;
};
type ReassignmentFacts = { readonly topic: string; readonly partition: number; readonly replicas: readonly number[] };
type BlockFacts = { readonly brokerId: number; readonly firstProducerId: number; readonly lastProducerId: number };
type FeatureFacts = {
  readonly version: number;
  readonly enabled: boolean;
  readonly features: Readonly<Record<string, number>>;
};
type AclChangeFacts = {
  readonly resourceType: string;
  readonly name: string;
  readonly patternType: PatternType;
  readonly createPath: string;
  readonly aclPath: string;
};

function featuresOf({ features }: BrokerFacts): Map<string, { minVersion: number; maxVersion: number }> {
  return new Map(Object.entries(features));
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
