import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addStartFlags, settingsOf } from '../../src/local-cluster/cluster-flags.ts';

afterEach(() => void vi.unstubAllEnvs());

const parsed = (...args: string[]) => {
  const command = addStartFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return settingsOf(command.opts());
};

describe('the flags of a cluster', () => {
  it('have defaults', () => {
    for (const name of ['BROKERS', 'PORT_OFFSET', 'DATA_DIR', 'ZOOKEEPER_CONNECT']) vi.stubEnv(name, undefined);
    expect(parsed()).toEqual({
      brokers: 3,
      portOffset: 0,
      dataDir: `${process.cwd()}/data`,
      zookeeperConnect: undefined,
      overrides: [],
    });
  });

  it('come from the environment, and the command line goes before it', () => {
    vi.stubEnv('BROKERS', '1');
    vi.stubEnv('PORT_OFFSET', '1000');
    vi.stubEnv('DATA_DIR', '/d');
    vi.stubEnv('ZOOKEEPER_CONNECT', 'zk:2181/a');
    expect(parsed('--port-offset', '5')).toEqual({
      brokers: 1,
      portOffset: 5,
      dataDir: '/d',
      zookeeperConnect: 'zk:2181/a',
      overrides: [],
    });
  });

  it('take several overrides', () => {
    expect(parsed('--override', 'a=1', '--override', 'b=x=y').overrides).toEqual(['a=1', 'b=x=y']);
  });

  it.each([
    ['--brokers', '0'],
    ['--brokers', '100'],
    ['--brokers', 'three'],
    ['--port-offset', '60000'],
    ['--data-dir', ''],
    ['--override', 'num.partitions'],
    ['--override', '=4'],
    ['--override', 'broker.id=7'],
    ['--override', 'log.dirs=/elsewhere'],
  ])('refuse %s %j', (flag, value) => {
    expect(() => parsed(flag, value)).toThrow(/argument '.*' is invalid/);
  });

  it('refuse what the environment should not hold', () => {
    vi.stubEnv('BROKERS', 'many');
    expect(() => parsed()).toThrow(/BROKERS/);
  });
});
