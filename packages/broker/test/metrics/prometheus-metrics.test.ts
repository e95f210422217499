import type { ControllerStatus } from '@barnabas/controller';
import { leaderEpoch, offset } from '@barnabas/model';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { BrokerGauges, type BrokerState } from '../../src/metrics/broker-gauges.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import type { ReplicaStatus } from '../../src/replication/replicas.ts';

async function linesOf(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const replica = (given: Partial<ReplicaStatus>): ReplicaStatus => ({
  topicPartition: { topic: 't', partition: 0 },
  role: 'leader',
  leaderEpoch: leaderEpoch(0),
  isr: [],
  logStartOffset: offset(0),
  logEndOffset: offset(0),
  highWatermark: offset(0),
  sizeBytes: 0,
  isUnderReplicated: false,
  isUnderMinIsr: false,
  ...given,
});

const CONTROLLER: ControllerStatus = {
  activeControllerCount: 1,
  epoch: undefined,
  eventQueueSize: 0,
  activeBrokerCount: 3,
  offlinePartitionsCount: 2,
  preferredReplicaImbalanceCount: 0,
  globalTopicCount: 0,
  globalPartitionCount: 0,
  topicsToDeleteCount: 0,
};

const STATE: BrokerState = {
  controller: CONTROLLER,
  image: EMPTY_CLUSTER,
  replicas: [
    replica({}),
    replica({ isUnderReplicated: true, isUnderMinIsr: true }),
    replica({ role: 'follower', isUnderReplicated: true }),
    replica({ role: 'offline' }),
  ],
  groups: [
    { groupId: 'a', protocolType: 'consumer', state: 'Stable' },
    { groupId: 'b', protocolType: 'consumer', state: 'Stable' },
    { groupId: 'c', protocolType: '', state: 'Empty' },
  ],
  sessionState: 'SUSPENDED',
  offlineLogDirs: 1,
};

describe('PrometheusMetrics', () => {
  it('counts bytes by topic, and requests by their time', async () => {
    const registry = new Registry();
    const metrics = new PrometheusMetrics(registry);
    metrics.bytesIn('a', 100, 3);
    metrics.bytesIn('a', 20, 1);
    metrics.bytesOut('b', 7);
    metrics.requestAnswered('Produce', 3);
    metrics.isrShrunk();
    metrics.offsetsCommitted(3);
    metrics.groupsLoaded(7);
    expect(await linesOf(registry)).toEqual(
      expect.arrayContaining([
        'kafka_server_brokertopicmetrics_bytesin_total{topic="a"} 120',
        'kafka_server_brokertopicmetrics_messagesin_total{topic="a"} 4',
        'kafka_server_brokertopicmetrics_bytesout_total{topic="b"} 7',
        'kafka_server_replicamanager_isrshrinks_total 1',
        'kafka_server_replicamanager_isrexpands_total 0',
        'kafka_server_groupcoordinatormetrics_offsetcommits_total 3',
        'kafka_server_groupcoordinatormetrics_partitionloadtimems_bucket{le="5"} 0',
        'kafka_server_groupcoordinatormetrics_partitionloadtimems_bucket{le="10"} 1',
        'kafka_network_requestmetrics_totaltimems_bucket{le="2.5",request="Produce"} 0',
        'kafka_network_requestmetrics_totaltimems_bucket{le="5",request="Produce"} 1',
        'kafka_network_requestmetrics_totaltimems_count{request="Produce"} 1',
      ]),
    );
  });

  it('forgets topics that are gone, and counts them anew when they come back', async () => {
    const registry = new Registry();
    const metrics = new PrometheusMetrics(registry);
    metrics.bytesIn('gone', 1, 1);
    metrics.bytesIn('there', 1, 1);
    metrics.forgetTopicsBut((topic) => topic === 'there');
    expect((await linesOf(registry)).join()).not.toContain('gone');
    metrics.bytesIn('gone', 5, 1);
    expect(await linesOf(registry)).toContain('kafka_server_brokertopicmetrics_bytesin_total{topic="gone"} 5');
  });
});

describe('BrokerGauges', () => {
  it('shows what is led, what is in danger, and the state of the session', async () => {
    const registry = new Registry();
    new BrokerGauges(registry).show(STATE);
    expect(await linesOf(registry)).toEqual(
      expect.arrayContaining([
        'kafka_server_replicamanager_partitioncount 4',
        'kafka_server_replicamanager_leadercount 2',
        'kafka_server_replicamanager_underreplicatedpartitions 1',
        'kafka_server_replicamanager_underminisrpartitioncount 1',
        'kafka_server_replicamanager_offlinereplicacount 1',
        'kafka_controller_kafkacontroller_activecontrollercount 1',
        'kafka_controller_kafkacontroller_offlinepartitionscount 2',
        'kafka_server_sessionexpirelistener_sessionstate{state="SUSPENDED"} 1',
        'kafka_server_sessionexpirelistener_sessionstate{state="CONNECTED"} 0',
        'kafka_log_logmanager_offlinelogdirectorycount 1',
        'kafka_coordinator_group_groupmetadatamanager_numgroups 3',
        'kafka_coordinator_group_groupmetadatamanager_numgroupsstable 2',
        'kafka_coordinator_group_groupmetadatamanager_numgroupsempty 1',
        'kafka_coordinator_group_groupmetadatamanager_numgroupsdead 0',
      ]),
    );
  });
});
