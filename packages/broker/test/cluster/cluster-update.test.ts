import { readFileSync } from 'node:fs';
import { UpdateMetadataRequest } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { clusterUpdateOf } from '../../src/cluster/cluster-update.ts';
import { partition, updateMetadata } from '../support/update-metadata.ts';

describe('clusterUpdateOf', () => {
  it('reads the address of version 0', () => {
    const request = updateMetadata(
      { liveBrokers: [{ id: 1, v0Host: 'b1', v0Port: 9092, endpoints: [], rack: null }] },
      0,
    );
    const endpoints = [{ listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'b1', port: 9092 }];
    expect([...clusterUpdateOf(request).brokers.values()]).toEqual([{ id: 1, endpoints, rack: undefined }]);
  });

  it('calls the listeners of version 2 after their security protocols', () => {
    const endpoint = { host: 'b1', port: 9093, listener: '', securityProtocol: 1 };
    const request = updateMetadata({ liveBrokers: [{ id: 1, endpoints: [endpoint], rack: 'r' }] }, 2);
    const endpoints = [{ listener: 'SSL', securityProtocol: 'SSL', host: 'b1', port: 9093 }];
    expect([...clusterUpdateOf(request).brokers.values()]).toEqual([{ id: 1, endpoints, rack: 'r' }]);
  });

  it('puts the partitions of version 4 together by topic', () => {
    const states = ['t', 'u', 't'].map((topicName, index) => ({ ...partition(index), topicName }));
    const { topics } = clusterUpdateOf(updateMetadata({ ungroupedPartitionStates: states }, 4));
    expect(
      topics.map(({ name, topicId, partitions }) => [name, topicId, partitions.map(({ index }) => index)]),
    ).toEqual([
      ['t', undefined, [0, 2]],
      ['u', undefined, [1]],
    ]);
  });

  it('reads what Kafka writes in every version', () => {
    const file = new URL('../../../../test/golden/messages/UpdateMetadata.ndjson', import.meta.url);
    const samples = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; version: number; sample: string; hex: string })
      .filter(({ kind, sample }) => kind === 'request' && sample === 'minimal');
    expect(samples.map(({ version }) => version)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { version, hex } of samples) {
      const request = UpdateMetadataRequest.decode(version, Buffer.from(hex, 'hex'));
      expect(clusterUpdateOf(request)).toEqual({ controllerId: 0, brokers: new Map(), topics: [], isFull: false });
    }
  });
});
