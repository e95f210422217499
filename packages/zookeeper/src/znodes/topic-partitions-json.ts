/** `{"version":1,"partitions":[{"topic":"t","partition":0}]}`, which several znodes have in common. */
import type { TopicPartition } from '@barnabas/model';
import { listOf, natural, object, text } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';

/** @throws MalformedZnodeError */
export function readTopicPartitions(path: string, data: Uint8Array | null): TopicPartition[] {
  return readJson(path, data)
    .required('partitions', listOf(object))
    .map((json) => ({ topic: json.required('topic', text), partition: json.required('partition', natural) }));
}

export function writeTopicPartitions(partitions: readonly TopicPartition[]): Uint8Array {
  return writeJson({ version: 1, partitions: partitions.map(({ topic, partition }) => ({ topic, partition })) });
}
