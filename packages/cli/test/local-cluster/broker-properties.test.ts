import { describe, expect, it } from 'vitest';
import { brokerProperties } from '../../src/local-cluster/broker-properties.ts';
import type { ClusterSettings } from '../../src/local-cluster/cluster-settings.ts';

const settings: ClusterSettings = {
  brokers: 3,
  portOffset: 0,
  dataDir: '/data',
  zookeeperConnect: undefined,
  overrides: [],
};

describe('brokerProperties', () => {
  it('places each broker', () => {
    expect(brokerProperties({ ...settings, portOffset: 1000 }, 2, {})).toEqual([
      'default.replication.factor=3',
      'min.insync.replicas=2',
      'offsets.topic.replication.factor=3',
      'zookeeper.session.timeout.ms=6000',
      'controlled.shutdown.retry.backoff.ms=200',
      'broker.id=2',
      'listeners=KAFKA://127.0.0.1:10092,REST://127.0.0.1:9082,PEERS://127.0.0.1:10192',
      'log.dirs=/data/broker-2/partitions',
      'zookeeper.connect=127.0.0.1:3181/clusters/local',
    ]);
  });

  it('asks for no more copies than there are brokers', () => {
    const properties = brokerProperties({ ...settings, brokers: 1 }, 1, {});
    expect(properties.filter((property) => /factor|isr|insync/.test(property))).toEqual([
      'default.replication.factor=1',
      'min.insync.replicas=1',
      'offsets.topic.replication.factor=1',
    ]);
  });

  it('says nothing against what the environment sets, but where a broker is', () => {
    const environment = { BARNABAS_DEFAULT_REPLICATION_FACTOR: '2', BARNABAS_BROKER_ID: '9' };
    const properties = brokerProperties(settings, 1, environment);
    expect(properties.join()).not.toContain('default.replication.factor');
    expect(properties).toContain('broker.id=1');
  });

  it('puts overrides last, in place of our defaults', () => {
    const overrides = ['min.insync.replicas=1', 'num.partitions=4'];
    const properties = brokerProperties({ ...settings, overrides }, 1, {});
    expect(properties.slice(-2)).toEqual(overrides);
    expect(properties).not.toContain('min.insync.replicas=2');
  });

  it('uses an ensemble that is there', () => {
    const zookeeperConnect = 'zk1:2181,zk2:2181/clusters/a';
    expect(brokerProperties({ ...settings, zookeeperConnect }, 1, {})).toContain(
      `zookeeper.connect=${zookeeperConnect}`,
    );
  });
});
