import { brokerId, KafkaError } from '@barnabas/model';
import { LogDirFailedError, LogDirLockedError, MalformedFileError } from '@barnabas/storage';
import { BrokerIdInUseError, MalformedZnodeError, ZooKeeperError } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { BrokerConfigError } from '../../src/config/broker-config-error.ts';
import { SharedEndpointError } from '../../src/coordination/shared-endpoints.ts';
import { asStartError, BrokerStartError, START_FAILURES } from '../../src/node/start-error.ts';

const ENDPOINT = { listener: 'PEERS', securityProtocol: 'PLAINTEXT', host: 'h', port: 1 } as const;

describe('asStartError', () => {
  it.each<[string, Error, number]>([
    ['a bad configuration', new BrokerConfigError('num.partitions', 'it is bad', undefined), 3],
    ['an address of another broker', new SharedEndpointError(ENDPOINT, brokerId(2)), 4],
    ['a locked log directory', new LogDirLockedError('/a'), 5],
    ['a failed log directory', new LogDirFailedError('/a', new Error('no space')), 5],
    ['a damaged file', new MalformedFileError('/a/meta.properties', { line: 1 }, 'it is empty'), 5],
    ['a directory of another cluster', new KafkaError('INCONSISTENT_CLUSTER_ID', 'it is another'), 6],
    ['a directory of another broker', new KafkaError('INVALID_CONFIG', 'it has broker.id 3'), 6],
    ['an id in use', new BrokerIdInUseError(brokerId(1), 5n, 'PEERS://h:1', 8000), 7],
    ['no ZooKeeper', new ZooKeeperError('OPERATION_TIMEOUT', 'no session'), 8],
    ['a broken znode', new MalformedZnodeError('/cluster/id', 'it is empty'), 8],
  ])('knows the exit code of %s', (_, error, exitCode) => {
    const start = asStartError(error);
    expect(start).toBeInstanceOf(BrokerStartError);
    expect(start).toMatchObject({ exitCode, cause: error });
    expect((start as Error).message).toContain(error.message);
    expect((start as Error).message).not.toContain('\n');
  });

  it('leaves alone what nobody foresaw', () => {
    const error = new TypeError('oops');
    expect(asStartError(error)).toBe(error);
  });

  it('has a code of its own for each failure', () => {
    const codes = Object.values(START_FAILURES).map(({ exitCode }) => exitCode);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
