import { describe, expect, it } from 'vitest';
import { readBrokerConfig } from '../../src/config/broker-config.ts';
import { BrokerConfigError } from '../../src/config/broker-config-error.ts';
import type { PropertySources } from '../../src/config/property-sources.ts';

const CONNECT = 'zookeeper.connect=zk:2181/a\n';

const read = (text: string, others: Omit<PropertySources, 'file'> = {}) =>
  readBrokerConfig({ file: { path: 'server.properties', text: CONNECT + text }, ...others }, 'machine');

const refusalOf = (action: () => unknown): BrokerConfigError => {
  try {
    action();
  } catch (error) {
    if (error instanceof BrokerConfigError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('readBrokerConfig', () => {
  it('reads Java properties', () => {
    const { config, warnings } = read('broker.id : 3\nlog.dirs = /a,\\\n  /b\n! a comment\nbroker.rack=caf\\u00e9\n');
    expect(config.properties).toMatchObject({ brokerId: 3, logDirs: ['/a', '/b'], brokerRack: 'café' });
    expect(warnings).toEqual([]);
  });

  it('takes the environment before the file, and the command line before both', () => {
    const environment = { BARNABAS_NUM_PARTITIONS: '4', BARNABAS_BROKER_ID: '2', HOME: '/root' };
    const { config } = read('num.partitions=2\nbroker.id=1', { environment, overrides: ['num.partitions = 5'] });
    expect(config.properties).toMatchObject({ numPartitions: 5, brokerId: 2 });
  });

  it('finds names with capitals in the environment', () => {
    const { config } = read('', { environment: { BARNABAS_ZOOKEEPER_CLIENTCNXNSOCKET: 'netty' } });
    expect(config.properties.zookeeperClientCnxnSocket).toBe('netty');
  });

  it('lets another name of the same thing on the command line hide that in the file', () => {
    const { config } = read('log.retention.ms=5\nlog.dirs=/a', { overrides: ['log.retention.hours=1', 'log.dir=/b'] });
    expect(config.topicDefaults.retentionMs).toBe(3_600_000);
    expect(config.properties.logDirs).toEqual(['/b']);
  });

  it('takes the last of two lines', () => {
    expect(read('broker.id=1\nbroker.id=2').config.properties.brokerId).toBe(2);
  });

  it('freezes what it gives', () => {
    const { config } = read('');
    for (const part of [config, config.properties, config.topicDefaults, config.listeners]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('names in one warning all that is known and not acted upon', () => {
    const { warnings } = read('num.network.threads=3\nlistener.name.rest.ssl.key.password=x\nauthorizer.class.name=A');
    expect(warnings).toEqual([
      'these properties are known, and not acted upon by this build: authorizer.class.name, ' +
        'listener.name.rest.ssl.key.password, num.network.threads',
    ]);
  });

  it('says why a property is of no use', () => {
    expect(read('process.roles=broker\nnode.id=1').warnings).toEqual([
      'these properties are of no use: it is for clusters without ZooKeeper: process.roles',
    ]);
  });

  it('names the nearest property for an unknown one', () => {
    const { warnings } = read('num.partition=3\nsomething.else=1', { environment: { BARNABAS_LOG_DIRZ: '/a' } });
    expect(warnings).toEqual([
      'these properties are unknown: log.dirz (is it log.dirs?), num.partition (is it num.partitions?), something.else',
    ]);
  });

  it('warns where the defaults of topics refuse every acks=all', () => {
    expect(read('min.insync.replicas=2').warnings).toEqual([
      'min.insync.replicas is 2, and default.replication.factor is 1: a topic that sets neither asks for no more replicas in sync than the 1 it has',
    ]);
  });

  it('says in which line a bad value stands', () => {
    const { message } = refusalOf(() => read('# a comment\nnum.partitions=many'));
    expect(message).toBe('num.partitions: "many" is not an integer from 1 to 2147483647 (server.properties, line 3)');
  });

  it('says in which variable a bad value stands', () => {
    const { message } = refusalOf(() => read('', { environment: { BARNABAS_LISTENERS: 'x' } }));
    expect(message).toBe('listeners: "x" is not NAME://host:port (environment variable BARNABAS_LISTENERS)');
  });

  it('says that a bad value stands on the command line', () => {
    const { message } = refusalOf(() => read('', { overrides: ['broker.id=-2'] }));
    expect(message).toBe('broker.id: "-2" is not an integer from -1 to 2147483647 (--override)');
  });

  it.each([
    [
      'broker.id=1001',
      'broker.id: 1001 is not allowed: it is at most reserved.broker.max.id, 1000, where ids may be generated',
    ],
    ['broker.id.generation.enable=false', 'broker.id: it has to be set where broker.id.generation.enable is false'],
    ['log.dirs=', 'log.dirs: it has to name a directory'],
    ['zookeeper.connect=zk:0', "zookeeper.connect: 'zk:0' is not a server: no port 0"],
    ['zookeeper.connect=zk/a//b', "zookeeper.connect: the chroot '/a//b' is not a path"],
    ['zookeeper.connect=', 'zookeeper.connect: it has to be set, as zk1:2181,zk2:2181/clusters/a'],
    ['x=\\u00', 'server.properties: it is no properties file'],
  ])('refuses %s', (text, message) => {
    expect(refusalOf(() => read(text)).message).toContain(message);
  });

  it('refuses a configuration without an ensemble', () => {
    expect(refusalOf(() => readBrokerConfig({}, 'machine')).message).toContain('zookeeper.connect: it has to be set');
  });

  it.each(['num.partitions', '=3'])('refuses an override %j', (override) => {
    expect(refusalOf(() => read('', { overrides: [override] })).message).toContain('an override is name=value');
  });
});
