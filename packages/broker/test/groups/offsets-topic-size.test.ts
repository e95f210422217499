import { brokerId } from '@barnabas/model';
import { encodeTopic, type ZooKeeperSession } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { OFFSETS_TOPIC } from '../../src/cluster/internal-topics.ts';
import { OffsetsTopicSize } from '../../src/groups/offsets-topic-size.ts';
import { recordingLog } from '../support/recording-log.ts';
import { TestView } from '../support/replication/test-view.ts';
import { ID_A, ID_B } from '../support/update-metadata.ts';

const REPLICAS = { replicas: [brokerId(1)], addingReplicas: [], removingReplicas: [] };

const znodeOf = (topicId: string, partitions: number): Buffer =>
  Buffer.from(
    encodeTopic({ topicId, partitions: new Map(Array.from({ length: partitions }, (_, at) => [at, REPLICAS])) }),
  );

function sizeOf() {
  const cluster = new TestView();
  const log = recordingLog();
  const reads: string[] = [];
  const zookeeper = { state: 'CONNECTED', data: znodeOf(ID_A, 50) as Buffer | undefined };
  const session = {
    get state() {
      return zookeeper.state;
    },
    get: async (path: string) => {
      reads.push(path);
      if (zookeeper.data === undefined) throw new Error('no answer');
      return { data: zookeeper.data };
    },
  } as unknown as ZooKeeperSession;
  const size = new OffsetsTopicSize({ cluster, coordination: { session }, log });
  /** The broker is told of as many partitions. */
  const tell = async (topicId: string, partitions: number) => {
    const told = new Map(Array.from({ length: partitions }, (_, at) => [at, {} as never]));
    const topic = { name: OFFSETS_TOPIC, topicId, partitions: told };
    cluster.set({ ...EMPTY_CLUSTER, topics: new Map([[OFFSETS_TOPIC, topic]]) });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { size, tell, reads, zookeeper, log };
}

describe('the size of the offsets topic', () => {
  it('is that of its znode, however many partitions the broker has been told of', async () => {
    const { size, tell, reads } = sizeOf();
    expect(size.partitions).toBeUndefined();
    await tell(ID_A, 3);
    expect(size.partitions).toBe(50);
    await tell(ID_A, 49);
    expect(size.partitions).toBe(50);
    expect(reads).toEqual(['/brokers/topics/__consumer_offsets']);
  });

  it('is read anew of another topic of that name, and not taken from the one before', async () => {
    const { size, tell, zookeeper } = sizeOf();
    await tell(ID_A, 50);
    await tell(ID_B, 5);
    expect(size.partitions).toBeUndefined();
    zookeeper.data = znodeOf(ID_B, 5);
    await tell(ID_B, 5);
    await tell(ID_B, 5);
    expect(size.partitions).toBe(5);
  });

  it('is asked for again where ZooKeeper had no answer, and stays known without it', async () => {
    const { size, tell, zookeeper, log } = sizeOf();
    const { data } = zookeeper;
    zookeeper.data = undefined;
    await tell(ID_A, 50);
    expect(size.partitions).toBeUndefined();
    expect(log.lines).toEqual([
      'warn: how many partitions __consumer_offsets has could not be read; it is tried again',
    ]);
    zookeeper.data = data;
    await new Promise((resolve) => setImmediate(resolve));
    void size.partitions;
    await new Promise((resolve) => setImmediate(resolve));
    zookeeper.state = 'SUSPENDED';
    expect(size.partitions).toBe(50);
  });

  it('is not asked for without a session', async () => {
    const { size, tell, zookeeper, reads } = sizeOf();
    zookeeper.state = 'SUSPENDED';
    await tell(ID_A, 50);
    expect(size.partitions).toBeUndefined();
    expect(reads).toEqual([]);
  });
});
