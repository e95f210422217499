import type { Random } from '@barnabas/model';
import { tryCheckBatch } from '@barnabas/protocol';
import { pick } from '@barnabas/testkit';
import type { PartitionState } from '@barnabas/zookeeper';
import { ClusterModel, dirOf } from '../invariants/cluster-model.ts';
import { LogRules } from '../invariants/log-rules.ts';
import type { PartitionModel, TopicPromise } from '../invariants/partition-model.ts';
import { observe } from '../observe/hooks.ts';
import { type Life, Machine } from './machine.ts';
import type { World } from './world.ts';

const IDS = [1, 2, 3];

/** Three machines with a broker each, and those who look on. One at a time in a process. */
export class SimCluster {
  readonly world: World;
  readonly machines: readonly Machine[];
  readonly model: ClusterModel;

  constructor(world: World, promiseOf: (topic: string) => TopicPromise) {
    this.world = world;
    const byFs = new WeakMap<object, Life>();
    this.model = new ClusterModel(world, promiseOf);
    this.machines = IDS.map((id) => new Machine(id, world, byFs, (machine, how) => this.model.onEnd(machine, how)));
    observe(new LogRules(world, this.model, (fs) => byFs.get(fs)));
    world.afterEvent(() => this.model.follow());
  }

  get running(): Machine[] {
    return this.machines.filter(({ life }) => life !== undefined);
  }

  get serving(): Machine[] {
    return this.machines.filter(({ life }) => life?.broker !== undefined && !life.isStopping);
  }

  /** Undefined where all is well: all brokers serve, and every partition has a leader and all its replicas in sync. */
  whatIsAmiss(): string | undefined {
    const missing = this.machines.filter((machine) => !this.serving.includes(machine));
    if (missing.length > 0) return `brokers ${missing.map(({ id }) => id)} do not serve`;
    for (const model of this.model.models()) {
      const state = this.model.stateOf(model);
      if (state?.leader === undefined) return `${model.name} has no leader`;
      if (state.isr.length < IDS.length) return `${model.name} has ${state.isr} in sync`;
      const behind = this.machines.filter((machine) => !knows(machine, model, state));
      if (behind.length > 0) return `brokers ${behind.map(({ id }) => id)} have not heard who leads ${model.name}`;
    }
    const unwell = this.machines.filter(({ life }) => life?.broker?.health().ready !== true);
    if (unwell.length > 0) return `broker ${unwell[0]?.id} is not ready: ${unwell[0]?.life?.broker?.health().reasons}`;
    const controllers = this.machines.filter(({ life }) => life?.broker?.isController).map(({ id }) => id);
    const { controller } = this.model.zookeeper;
    if (controllers.length !== 1 || controllers[0] !== controller)
      return `controllers ${controllers}, not ${controller}`;
    return undefined;
  }

  /** Flips a bit in the last segment of a replica whose machine is down. */
  damage(machine: Machine, model: PartitionModel, random: Random): void {
    const { disk, id } = machine;
    const path = disk.listing().findLast((each) => each.startsWith(`${dirOf(id, model)}/`) && each.endsWith('.log'));
    // After a clean stop nobody looks at the files before they are read.
    const wasClean = disk.listing().some((each) => each.endsWith('/.kafka_cleanshutdown'));
    const batches = path === undefined ? [] : batchesIn(disk.readCached(path) ?? Buffer.alloc(0));
    if (path === undefined || batches.length === 0 || wasClean) return;
    const [at, end] = pick(random, batches);
    // What lies before is outside of the checksum.
    const position = at + CHECKED_FROM + random.below(end - at - CHECKED_FROM);
    this.world.trace.note(`byte ${position} of ${path} is damaged`);
    disk.corrupt(path, position, random.below(8));
    this.model.onEnd(machine, { losesPower: false });
    this.model.suspect(id, model);
  }

  end(): void {
    observe(undefined);
  }
}

/** Whether the broker goes by what ZooKeeper has. */
function knows({ life }: Machine, { topic, topicId, partition }: PartitionModel, state: PartitionState): boolean {
  const known = life?.broker?.parts.cache.image.topics.get(topic);
  const told = known?.partitions.get(partition);
  if (known?.topicId !== topicId || told === undefined) return false;
  return told.leader === state.leader && told.leaderEpoch === state.leaderEpoch && `${told.isr}` === `${state.isr}`;
}

/** Where the part of a batch begins that its checksum covers. */
const CHECKED_FROM = 21;

/** Where each whole batch begins and ends. */
function batchesIn(bytes: Buffer): (readonly [number, number])[] {
  const batches: (readonly [number, number])[] = [];
  for (let at = 0; at < bytes.length; ) {
    const verdict = tryCheckBatch(bytes, at);
    if (!verdict.ok) break;
    batches.push([at, at + verdict.sizeBytes]);
    at += verdict.sizeBytes;
  }
  return batches;
}
