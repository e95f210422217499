import { ERRORS } from '@barnabas/model';
import { AUTHORIZED_OPERATIONS_OMITTED } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { NO_LOG } from '../../src/logger.ts';
import { describeClusterHandler } from '../../src/requests/describe-cluster-handler.ts';
import { ask } from '../support/ask.ts';
import { broker, newCache, updateMetadata } from '../support/update-metadata.ts';

describe('DescribeCluster', () => {
  it('names the cluster, its controller, and the brokers that can be reached the same way', async () => {
    const { cache, describeCluster } = begin('REST');
    const peersOnly = {
      id: 9,
      endpoints: [{ host: 'b9', port: 1, listener: 'PEERS', securityProtocol: 0 }],
      rack: null,
    };
    cache.update(updateMetadata({ liveBrokers: [broker(1), peersOnly] }));
    expect(await describeCluster(1, {})).toMatchObject({
      errorCode: 0,
      errorMessage: null,
      endpointType: 1,
      clusterId: 'cluster',
      controllerId: 1,
      brokers: [{ brokerId: 1, host: 'b1', port: 8081, rack: 'rack-1' }],
      clusterAuthorizedOperations: AUTHORIZED_OPERATIONS_OMITTED,
    });
  });

  it('names the brokers through the listener that the client came through', async () => {
    const { cache, handler } = begin();
    cache.update(updateMetadata({ liveBrokers: [broker(1)] }));
    const request = { includeClusterAuthorizedOperations: false };
    const { brokers } = await ask('DescribeCluster', handler, 1, request, { listener: 'REST' });
    expect(brokers).toMatchObject([{ brokerId: 1, port: 8081 }]);
  });

  it('says which operations are allowed where it is asked for, as Kafka does without an authorizer', async () => {
    const { describeCluster } = begin();
    const { clusterAuthorizedOperations } = await describeCluster(0, { includeClusterAuthorizedOperations: true });
    expect(clusterAuthorizedOperations).toBe(8096);
  });

  it('has no controller before it is told of one', async () => {
    expect(await begin().describeCluster(1, {})).toMatchObject({ controllerId: -1, brokers: [] });
  });

  it.each([
    [2, 'MISMATCHED_ENDPOINT_TYPE'],
    [3, 'UNSUPPORTED_ENDPOINT_TYPE'],
  ] as const)('refuses to describe endpoints of type %i', async (endpointType, error) => {
    const answer = await begin().describeCluster(1, { endpointType });
    expect(answer.errorCode).toBe(ERRORS[error].code);
    expect(answer.errorMessage).not.toBeNull();
  });
});

function begin(listener = 'PEERS') {
  const { cache } = newCache();
  const handler = describeClusterHandler({ cluster: cache, clusterId: 'cluster', listener, log: NO_LOG });
  const describeCluster = (version: number, request: object) =>
    ask('DescribeCluster', handler, version, { includeClusterAuthorizedOperations: false, ...request });
  return { cache, handler, describeCluster };
}
