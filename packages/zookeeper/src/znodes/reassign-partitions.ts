/**
 * `/admin/reassign_partitions`: where these partitions are to be moved. Old tools create it; the controller takes out what
 * is done, and deletes it with the last one.
 *
 *   {"version":1,"partitions":[{"topic":"foo","partition":0,"replicas":[1,2]}]}
 *
 * Source: Kafka's ReassignPartitionsZNode.
 */
import { type BrokerId, brokerId, type TopicPartition } from '@barnabas/model';
import { listOf, natural, object, text } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';

export const REASSIGN_PARTITIONS_PATH = '/admin/reassign_partitions';

export type PartitionReassignment = TopicPartition & { readonly replicas: readonly BrokerId[] };

/** @throws MalformedZnodeError */
export function decodeReassignPartitions(data: Uint8Array | null): PartitionReassignment[] {
  return readJson(REASSIGN_PARTITIONS_PATH, data)
    .required('partitions', listOf(object))
    .map((json) => ({
      topic: json.required('topic', text),
      partition: json.required('partition', natural),
      replicas: json.required('replicas', listOf(natural)).map(brokerId),
    }));
}

export function encodeReassignPartitions(reassignments: readonly PartitionReassignment[]): Uint8Array {
  return writeJson({
    version: 1,
    partitions: reassignments.map(({ topic, partition, replicas }) => ({ topic, partition, replicas })),
  });
}
