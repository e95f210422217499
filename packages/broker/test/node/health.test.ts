import { brokerId, leaderEpoch, offset, partitionEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { type ClusterImage, type ClusterPartition, EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { healthOf } from '../../src/node/health.ts';
import type { ReplicaStatus } from '../../src/replication/replicas.ts';

const ID = brokerId(1);
const OTHER = brokerId(2);

const partition = (given: Partial<ClusterPartition>): ClusterPartition => ({
  leader: OTHER,
  leaderEpoch: leaderEpoch(0),
  partitionEpoch: partitionEpoch(0),
  isr: [ID, OTHER],
  replicas: [ID, OTHER],
  offlineReplicas: [],
  ...given,
});

const imageOf = (...partitions: ClusterPartition[]): ClusterImage => ({
  ...EMPTY_CLUSTER,
  brokers: new Map([[ID, { id: ID, endpoints: [], rack: undefined }]]),
  topics: new Map([
    ['t', { name: 't', topicId: undefined, partitions: new Map(partitions.map((it, index) => [index, it])) }],
  ]),
});

const replica = (index: number, role: ReplicaStatus['role']): ReplicaStatus => ({
  topicPartition: { topic: 't', partition: index },
  role,
  leaderEpoch: leaderEpoch(0),
  isr: [],
  logStartOffset: offset(0),
  logEndOffset: offset(0),
  highWatermark: offset(0),
  sizeBytes: 0,
  isUnderReplicated: false,
  isUnderMinIsr: false,
});

const health = (image: ClusterImage, ...replicas: ReplicaStatus[]) =>
  healthOf({ brokerId: ID, phase: 'running', image, replicas });

describe('healthOf', () => {
  it('is ready with all partitions led or followed', () => {
    const image = imageOf(partition({ leader: ID }), partition({}), partition({ replicas: [OTHER] }));
    expect(health(image, replica(0, 'leader'), replica(1, 'follower'))).toEqual({
      live: true,
      ready: true,
      reasons: [],
    });
  });

  it('is not ready while a partition that was given to it is neither led nor followed', () => {
    const image = imageOf(partition({ leader: ID }), partition({}));
    expect(health(image, replica(0, 'none'))).toEqual({
      live: true,
      ready: false,
      reasons: ['it does not yet lead or follow 2 of its partitions'],
    });
  });

  it('does not wait for partitions without a leader, nor for replicas on a failed disk', () => {
    expect(health(imageOf(partition({ leader: undefined }), partition({ offlineReplicas: [ID] }))).ready).toBe(true);
  });

  it('is not ready before the controller has told it of itself', () => {
    expect(health(EMPTY_CLUSTER).reasons).toEqual(['the controller has not told it of the cluster']);
  });

  it.each(['starting', 'stopping'] as const)('is live and not ready while it is %s', (phase) => {
    expect(healthOf({ brokerId: ID, phase, image: imageOf(), replicas: [] })).toEqual({
      live: true,
      ready: false,
      reasons: [`it is ${phase}`],
    });
  });

  it('is not live once it has failed', () => {
    expect(healthOf({ brokerId: ID, phase: 'failed', image: imageOf(), replicas: [] }).live).toBe(false);
  });
});
