import { describe, expect, it } from 'vitest';
import { parseConnectString } from '../../src/session/connect-string.ts';
import { ZooKeeperError } from '../../src/session/zookeeper-error.ts';

describe('parseConnectString', () => {
  it.each([
    ['zk1', [{ host: 'zk1', port: 2181 }], '/'],
    [
      'zk1:2182,zk2:',
      [
        { host: 'zk1', port: 2182 },
        { host: 'zk2', port: 2181 },
      ],
      '/',
    ],
    [
      ' zk1:1 , zk2:2 ,',
      [
        { host: 'zk1', port: 1 },
        { host: 'zk2', port: 2 },
      ],
      '/',
    ],
    ['10.0.0.1:2181/', [{ host: '10.0.0.1', port: 2181 }], '/'],
    [
      '[::1]:2182,[fe80::1%eth0]/a',
      [
        { host: '::1', port: 2182 },
        { host: 'fe80::1%eth0', port: 2181 },
      ],
      '/a',
    ],
    [
      'zk1:2181,zk2:2181/clusters/a',
      [
        { host: 'zk1', port: 2181 },
        { host: 'zk2', port: 2181 },
      ],
      '/clusters/a',
    ],
  ])('reads %s', (text, servers, chroot) => {
    expect(parseConnectString(text)).toEqual({ servers, chroot });
  });

  it.each([
    '',
    ' ',
    ',',
    '/a',
    'zk1:0',
    'zk1:65536',
    'zk1:2181x',
    'zk1:-1',
    'zk1:2181:2182',
    '::1',
    '[::1',
    '[zk1]:2181',
    'zk 1',
    ':2181',
    'zk1/a/',
    'zk1//a',
    'zk1/a/../b',
    'zk1:2181/a,zk2:2181/',
  ])('refuses %j', (text) => {
    const parse = () => parseConnectString(text);
    expect(parse).toThrow(ZooKeeperError);
    expect(parse).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENTS' }));
  });

  it('takes for one chroot what follows the first slash, commas too, as ZooKeeper does', () => {
    expect(parseConnectString('zk1/a,zk2').chroot).toBe('/a,zk2');
  });
});
