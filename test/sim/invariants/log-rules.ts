import type { Log } from '@barnabas/storage';
import type { Partition } from '../../../packages/broker/src/replication/partition/partition.ts';
import { CheckFailure, check } from '../kernel/check-failure.ts';
import type { Observer } from '../observe/hooks.ts';
import { type ShadowBatch, type ShadowLog, shadowOfFiles } from '../observe/shadow-log.ts';
import { isrOf } from '../observe/zookeeper-view.ts';
import type { Life } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import type { ClusterModel } from './cluster-model.ts';
import { nameOf, type ReplicaView } from './replica-view.ts';

type Assignment = Parameters<Partition['lead']>[1];

/**
 * The rules for what brokers do with their logs, each checked at the moment at which it could be broken. What is thrown in here
 * must not be swallowed by the code under test: it ends the run.
 */
export class LogRules implements Observer {
  readonly #world: World;
  readonly #cluster: ClusterModel;
  readonly #lifeOf: (fs: object) => Life | undefined;
  readonly #views = new WeakMap<Log, ReplicaView>();

  constructor(world: World, cluster: ClusterModel, lifeOf: (fs: object) => Life | undefined) {
    this.#world = world;
    this.#cluster = cluster;
    this.#lifeOf = lifeOf;
  }

  onLog(partition: Partition, log: Log, topicId: string | undefined): void {
    this.#guarded(() => {
      const id = topicId ?? partition.topicId;
      const life = this.#lifeOf(log.parts.store.handles.fs);
      if (this.#views.has(log) || id === undefined || life === undefined || life.machine.life !== life) return;
      const { topic, partition: index } = partition.topicPartition;
      const model = this.#cluster.modelOf(id, topic, index);
      const view: ReplicaView = { life, partition, log, model, shadow: this.#contentOf(life, log) };
      this.#views.set(log, view);
      this.#cluster.add(view);
      for (const batch of view.shadow.batches) this.#checkKnown(view, batch);
      this.#checkFollowerHighWatermark(view);
    });
  }

  /** One leader in an epoch, and it has all that was committed in earlier ones. */
  onLead(_: Partition, log: Log, { leaderEpoch, topicPartition }: Assignment): void {
    this.#withView(log, (view) => {
      const { model, life, shadow } = view;
      const who = `${life.machine.id}.${life.number}`;
      const other = model.leaders.get(leaderEpoch);
      check(
        other === undefined || other === who,
        () => `${nameOf(view)} leads in epoch ${leaderEpoch}, in which ${other} leads`,
      );
      model.leaders.set(leaderEpoch, who);
      const elected = model.elected.get(leaderEpoch);
      check(
        elected === life.machine.id,
        () => `${nameOf(view)} leads ${topicPartition.topic} in epoch ${leaderEpoch}, for which ${elected} was elected`,
      );
      if (shadow.holds(model.truth)) return;
      const has = shadow.commonEnd(model.truth);
      const needed = model.committedBefore(leaderEpoch);
      if (has >= needed) return;
      check(
        model.promise.mayLose || model.isLost,
        () =>
          `${nameOf(view)} leads in epoch ${leaderEpoch} with what is committed up to ${has}; it was up to ${needed}`,
      );
      this.#world.trace.note(`${model.name} loses what was committed from ${has} on, and may`);
      this.#cluster.reached.note(
        model.promise.mayLose ? 'records lost in an unclean election' : 'records lost by all in sync',
      );
      model.reset(has);
    });
  }

  onFollow(): void {}

  onAppended(log: Log, bytes: Buffer, as: 'leader' | 'follower'): void {
    this.#withView(log, (view) => {
      const { end } = view.shadow;
      const added = view.shadow.append(bytes);
      check(added[0]?.base === end, () => `${nameOf(view)} ends at ${end}, and appends at ${added[0]?.base}`);
      check(log.endOffset === view.shadow.end, () => `${nameOf(view)} says that it ends at ${log.endOffset}`);
      for (const batch of added) {
        if (as === 'leader') this.#checkLed(view, batch);
        else this.#checkKnown(view, batch);
      }
    });
  }

  /** What is committed is never cut. */
  onReset(log: Log): void {
    this.#withView(log, (view) => {
      const { shadow, model } = view;
      const agreed = shadow.commonEnd(model.truth);
      const cut = shadow.cutTo(log.endOffset);
      check(log.startOffset === 0, () => `${nameOf(view)} begins at ${log.startOffset}`);
      check(shadow.end === log.endOffset, () => `${nameOf(view)} is cut in the middle of a batch, at ${log.endOffset}`);
      if (cut > 0) this.#cluster.reached.note('records truncated');
      this.#world.trace.note(`${nameOf(view)} is cut to ${log.endOffset}`);
      check(
        log.endOffset >= agreed || model.promise.mayLose || model.resets > 0,
        () => `${nameOf(view)} is cut to ${log.endOffset}, and had what is committed up to ${agreed}`,
      );
    });
  }

  onHighWatermark(log: Log, before: number): void {
    if (log.highWatermark === before) return;
    this.#withView(log, (view) => {
      const to = log.highWatermark;
      check(to >= before, () => `rule 2: the high watermark of ${nameOf(view)} goes back from ${before} to ${to}`);
      if (view.partition.role.kind === 'leader') this.#checkCommitted(view);
      else this.#checkFollowerHighWatermark(view);
    });
  }

  /** Rules 2 and 5. */
  #checkCommitted(view: ReplicaView): void {
    const { log, shadow, model, partition } = view;
    const to = log.highWatermark;
    this.#world.trace.note(`${nameOf(view)} commits up to ${to}`);
    const size = partition.leadership?.isr.length ?? 0;
    const needed = Math.min(model.promise.minInsyncReplicas, partition.replicas.length);
    check(size >= needed, () => `rule 2: ${nameOf(view)} commits up to ${to} with ${size} of ${needed} in sync`);
    const last = shadow.batchEndingAt(to);
    check(last !== undefined, () => `${nameOf(view)} commits up to ${to}, where no batch ends`);
    if (last === undefined) return;
    if (!model.promise.mayLose) for (const id of this.#inSync(view)) this.#checkHas(view, id, last);
    this.#extendTruth(view, shadow);
    model.noteCommitted(partition.leaderEpoch, to);
  }

  /** Those that ZooKeeper has in sync, if it is this leader's own epoch. */
  #inSync({ model, partition }: ReplicaView): readonly number[] {
    const state = this.#cluster.stateOf(model);
    return state?.leaderEpoch === partition.leaderEpoch ? isrOf(state) : [];
  }

  #checkHas(view: ReplicaView, id: number, last: ShadowBatch): void {
    const { model } = view;
    if (model.suspects.has(id)) return;
    const has = this.#cluster.shadowOf(id, model);
    check(
      has.batchEndingAt(last.next)?.chain === last.chain,
      () =>
        `rule 2: ${nameOf(view)} commits up to ${last.next}; broker ${id}, in sync, has ${has.end} and not the same`,
    );
    if (this.#world.options.flushMode !== 'group') return;
    const durable = this.#cluster.durableEndOf(id, model);
    check(
      durable >= last.next,
      () => `rule 5: ${nameOf(view)} commits up to ${last.next}; broker ${id}, in sync, has flushed up to ${durable}`,
    );
  }

  #extendTruth(view: ReplicaView, shadow: ShadowLog): void {
    const { model, log } = view;
    const { truth } = model;
    const agreed = truth.commonEnd(shadow);
    if (agreed < Math.min(truth.end, log.highWatermark)) {
      check(
        model.promise.mayLose,
        () => `${nameOf(view)} commits something else at ${agreed} than what is committed there`,
      );
      model.reset(agreed);
    }
    for (const batch of shadow.batches) {
      if (batch.next > log.highWatermark) break;
      if (batch.base >= truth.end) truth.push(batch);
    }
  }

  #checkFollowerHighWatermark(view: ReplicaView): void {
    const { log, shadow, model } = view;
    const at = log.highWatermark;
    if (at === 0 || model.promise.mayLose || model.resets > 0) return;
    const last = shadow.batchEndingAt(at);
    check(
      last !== undefined && model.truth.batchEndingAt(at)?.chain === last.chain,
      () =>
        `rule 2: the high watermark of ${nameOf(view)} is ${at}; committed is something else, up to ${model.truth.end}`,
    );
  }

  #checkLed(view: ReplicaView, batch: ShadowBatch): void {
    const { partition, model, life } = view;
    const epoch = partition.leadership?.epoch;
    check(epoch === batch.epoch, () => `rule 8: ${nameOf(view)} appends in epoch ${batch.epoch} and leads in ${epoch}`);
    const who = `${life.machine.id}.${life.number}`;
    const leader = model.leaders.get(batch.epoch);
    check(leader === who, () => `${nameOf(view)} appends in epoch ${batch.epoch}, in which ${leader} leads`);
    const known = model.chainOf(batch.base, batch.epoch);
    check(known === undefined, () => `${nameOf(view)} appends another batch at ${batch.base} in epoch ${batch.epoch}`);
    check(!model.isRefused(batch.crc), () => `rule 7: ${nameOf(view)} appends what was said not to be appended`);
    model.noteAppended(batch.base, batch.epoch, batch.chain, batch.crc);
  }

  /** What no leader has appended is nowhere, and what comes before it is the same everywhere (log matching). */
  #checkKnown(view: ReplicaView, batch: ShadowBatch): void {
    const known = view.model.chainOf(batch.base, batch.epoch);
    check(known === batch.chain, () =>
      known === undefined
        ? `${nameOf(view)} has a batch at ${batch.base} in epoch ${batch.epoch} that no leader has appended`
        : `rule 4: ${nameOf(view)} and others have the batch at ${batch.base} in epoch ${batch.epoch}, and part before it`,
    );
  }

  #contentOf(life: Life, log: Log): ShadowLog {
    const shadow = shadowOfFiles(life.machine.disk, log.dir);
    shadow.cutTo(log.endOffset);
    check(
      shadow.end === log.endOffset,
      () => `broker ${life.machine.id}: ${log.name} says that it ends at ${log.endOffset}, its files at ${shadow.end}`,
    );
    return shadow;
  }

  #withView(log: Log, act: (view: ReplicaView) => void): void {
    const view = this.#views.get(log);
    if (view !== undefined && view.life.machine.life === view.life) this.#guarded(() => act(view));
  }

  #guarded(act: () => void): void {
    try {
      this.#cluster.follow();
      act();
    } catch (error) {
      if (!(error instanceof CheckFailure)) throw error;
      this.#world.fail(error);
    }
  }
}
