import type { PartitionState } from '@barnabas/zookeeper';
import { check } from '../kernel/check-failure.ts';
import type { ClusterModel } from './cluster-model.ts';
import type { PartitionModel } from './partition-model.ts';

type Written = {
  readonly model: PartitionModel;
  readonly before: PartitionState | undefined;
  readonly after: PartitionState;
  readonly replicas: readonly number[];
  readonly cluster: ClusterModel;
};

/** What holds for each state that a controller writes, seen against the one before. */
export function checkState(written: Written): void {
  checkShape(written);
  const { before, after, model, cluster } = written;
  if (after.leader !== undefined) model.elected.set(after.leaderEpoch, after.leader);
  if (before === undefined) return;
  if (after.leaderEpoch === before.leaderEpoch) checkProposed(written, before);
  else checkElected(written, before);
  noteReached(cluster, before, after);
}

function checkShape({ model, before, after, replicas, cluster }: Written): void {
  const { leader, isr, controllerEpoch, leaderEpoch } = after;
  const said = () =>
    `${model.name} gets ${describe(after)} after ${before === undefined ? 'nothing' : describe(before)}`;
  const current = cluster.zookeeper.controllerEpoch;
  check(controllerEpoch === current, () => `rule 1: ${said()}, and the controller epoch is ${current}`);
  check(leaderEpoch >= (before?.leaderEpoch ?? 0), () => `the leader epoch goes back: ${said()}`);
  check(isr.length > 0 && new Set(isr).size === isr.length, () => `no ISR: ${said()}`);
  check(leader === undefined || isr.includes(leader), () => `the leader is not in the ISR: ${said()}`);
  check(
    isr.every((id) => replicas.includes(id)),
    () => `an ISR that is no part of ${replicas}: ${said()}`,
  );
}

/** Rule 3. Within a leader epoch the leader alone proposes. */
function checkProposed({ model, after, cluster }: Written, before: PartitionState): void {
  const said = () => `${model.name}: ${describe(before)} becomes ${describe(after)} in the same leader epoch`;
  check(after.leader === before.leader, () => `another leader: ${said()}`);
  for (const id of after.isr.filter((each) => !before.isr.includes(each))) {
    const has = cluster.shadowOf(id, model);
    check(
      model.promise.mayLose || model.suspects.has(id) || has.holds(model.truth),
      () => `rule 3: ${id} joins with records up to ${has.end}, and up to ${model.truth.end} is committed: ${said()}`,
    );
  }
}

/** A leader comes from the ISR, unless the topic allows others. */
function checkElected({ model, after }: Written, before: PartitionState): void {
  const said = () => `${model.name}: ${describe(before)} becomes ${describe(after)}`;
  const isClean = after.isr.every((id) => before.isr.includes(id));
  check(isClean || model.promise.mayLose, () => `elected from outside of the ISR: ${said()}`);
}

function noteReached({ reached }: ClusterModel, before: PartitionState, after: PartitionState): void {
  const isSame = after.leaderEpoch === before.leaderEpoch;
  if (after.isr.length < before.isr.length)
    reached.note(isSame ? 'ISR shrunk by its leader' : 'ISR shrunk by the controller');
  if (after.isr.length > before.isr.length) reached.note('ISR expanded');
  if (after.leader === undefined && before.leader !== undefined) reached.note('partition without a leader');
  if (after.leader !== before.leader && after.leader !== undefined) reached.note('leader elected');
  if (after.isr.some((id) => !before.isr.includes(id)) && !isSame) reached.note('unclean election');
}

const describe = ({ leader, leaderEpoch, isr, controllerEpoch }: PartitionState): string =>
  `leader ${leader ?? 'none'}, epoch ${leaderEpoch}, ISR ${isr.join(',')}, controller epoch ${controllerEpoch}`;
