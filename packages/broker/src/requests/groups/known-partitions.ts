import type { ClusterImage } from '../../cluster/cluster-image.ts';

type Topic<P> = { readonly name: string; readonly partitions: readonly P[] };
type Indexed = { readonly partitionIndex: number };
type AnsweredPartition = Indexed & { readonly errorCode: number };

/** Those of the partitions that there are; topics of which none is are left out. */
export const knownPartitions = <P extends Indexed>({ topics: known }: ClusterImage, topics: readonly Topic<P>[]) =>
  topics
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.filter(({ partitionIndex }) => known.get(name)?.partitions.has(partitionIndex)),
    }))
    .filter(({ partitions }) => partitions.length > 0);

/** An answer for each partition that was asked for, in the order asked; `errorCode` for those that nothing was answered for. */
export function answersInOrder(
  asked: readonly Topic<Indexed>[],
  answered: readonly Topic<AnsweredPartition>[],
  errorCode: number,
): readonly Topic<AnsweredPartition>[] {
  const codes = new Map<string, Map<number, number>>();
  for (const { name, partitions } of answered) {
    const ofTopic = codes.get(name) ?? new Map<number, number>();
    codes.set(name, ofTopic);
    for (const each of partitions) ofTopic.set(each.partitionIndex, each.errorCode);
  }
  return asked.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: codes.get(name)?.get(partitionIndex) ?? errorCode,
    })),
  }));
}
