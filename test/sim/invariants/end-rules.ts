import { check } from '../kernel/check-failure.ts';
import { type ShadowLog, shadowOfFiles } from '../observe/shadow-log.ts';
import type { Load } from '../workload/load.ts';
import type { SimProducer } from '../workload/sim-producer.ts';
import type { SimCluster } from '../world/cluster.ts';
import { type ClusterModel, dirOf } from './cluster-model.ts';
import type { PartitionModel } from './partition-model.ts';

/** Until followers know what the leader has committed. */
const SETTLE_MS = 20_000;

/** All is well and nothing is sent any more: every replica has the same, on its disk, and all of it is what was promised. */
export async function checkEnd(cluster: SimCluster, load: Load): Promise<void> {
  const { model, world } = cluster;
  const isEven = () => [...model.models()].every((each) => isAllCommitted(each, model));
  await world.until(isEven, SETTLE_MS);
  // What is cut ends there at once, and on the disk a moment later.
  await world.until(() => [...model.models()].every((each) => areFilesTrue(each, cluster)), SETTLE_MS);
  for (const each of model.models()) checkReplicas(each, cluster);
  for (const producer of load.producers) checkProducer(producer, model);
  checkDeleted(cluster);
}

function isAllCommitted(partition: PartitionModel, cluster: ClusterModel): boolean {
  const views = cluster.viewsOf(partition);
  return (
    views.length === 3 &&
    views.every(({ log }) => log.highWatermark === log.endOffset && log.endOffset === partition.truth.end)
  );
}

const areFilesTrue = (partition: PartitionModel, { machines }: SimCluster): boolean =>
  machines.every(({ id, disk }) => isTruth(partition, shadowOfFiles(disk, dirOf(id, partition))));

const isTruth = ({ truth }: PartitionModel, files: ShadowLog): boolean => files.holds(truth) && truth.holds(files);

function checkReplicas(partition: PartitionModel, { model, machines }: SimCluster): void {
  for (const { id, disk } of machines) {
    const view = model.viewOf(id, partition);
    check(view !== undefined, () => `broker ${id} has no replica of ${partition.name}`);
    check(
      view?.log.highWatermark === partition.truth.end && view.log.endOffset === partition.truth.end,
      () =>
        `${partition.name} is committed up to ${partition.truth.end}; on broker ${id} it ends at ${view?.log.endOffset}, ` +
        `and the high watermark is ${view?.log.highWatermark}`,
    );
    const files = shadowOfFiles(disk, dirOf(id, partition));
    check(
      isTruth(partition, files),
      () => `the files of ${partition.name} on broker ${id} hold something else, up to ${files.end}`,
    );
  }
}

/** Every acknowledged batch is there once, and those of an idempotent producer are in order. */
function checkProducer({ kind, sent }: SimProducer, cluster: ClusterModel): void {
  const model = cluster.modelNamed(kind.topic, kind.partition);
  if (model === undefined || model.promise.mayLose || model.resets > 0 || kind.topic.includes('-')) return;
  const places = new Map<number, number[]>();
  for (const { crc, base } of model.truth.batches) places.set(crc, [...(places.get(crc) ?? []), base]);
  let last = -1;
  for (const { crc, state, base } of sent) {
    const found = places.get(crc) ?? [];
    check(found.length <= 1, () => `a batch of ${kind.name} is in ${model.name} at ${found}`);
    const [at] = found;
    if (state === 'acknowledged' && kind.acks === -1) {
      check(
        at !== undefined && (base === undefined || at === base),
        () => `${kind.name}: acknowledged at ${base}, found at ${at}`,
      );
    }
    if (at === undefined || !kind.isIdempotent) continue;
    check(at > last, () => `the batches of ${kind.name} are out of order in ${model.name}: ${at} after ${last}`);
    last = at;
  }
}

/** Rule 10. */
function checkDeleted({ machines, model }: SimCluster): void {
  for (const { id, life } of machines) {
    for (const { topicPartition } of life?.broker?.parts.replicas.status() ?? []) {
      const { topic, partition } = topicPartition;
      check(
        model.zookeeper.topics.has(topic),
        () => `rule 10: broker ${id} has a replica of ${topic}-${partition}, which was deleted`,
      );
    }
  }
}
