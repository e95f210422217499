import { pick, seededRandom } from '@barnabas/testkit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { GroupTown } from '../support/groups/group-town.ts';

const STEPS = 8;

/** What befalls a town: one of these at a time, and then it is given time to recover, or none. */
const EVENTS = {
  stop: async (town: GroupTown, id: number) => {
    await town.stopBroker(town.machineOf(id));
    await town.startBroker(town.machineOf(id));
  },
  crash: async (town: GroupTown, id: number) => {
    town.crashBroker(town.machineOf(id));
    await town.cluster.scheduler.advanceBy(town.cluster.random.below(15_000));
    await town.startBroker(town.machineOf(id));
  },
  /** The others do not hear of it, nor it of them; its session and its clients go on. */
  silence: async (town: GroupTown, id: number) => {
    const others = [1, 2, 3].filter((other) => other !== id);
    for (const other of others) town.cluster.network.silence(`broker-${id}`, `broker-${other}`);
    await town.cluster.scheduler.advanceBy(town.cluster.random.below(40_000));
    town.cluster.network.healAll();
  },
  join: async (town: GroupTown) => {
    if (town.liveMembers.length < 4) town.addMember(`member-${town.members.length}`);
  },
  die: async (town: GroupTown) => {
    const [first, ...others] = town.liveMembers;
    if (others.length > 0) first?.stop();
  },
};
const KINDS = Object.keys(EVENTS) as (keyof typeof EVENTS)[];

it('a group never has two owners of a partition in a generation, nor a commit that goes back, whatever befalls its brokers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.integer()), async (seed) => {
      const random = seededRandom(seed);
      const town = await GroupTown.start(seed);
      for (const name of ['member-0', 'member-1']) town.addMember(name);
      await town.shared(...town.liveMembers);
      for (let step = 0; step < STEPS; step++) {
        const moved = town.coordinator() ?? 1;
        const broker = random.below(2) === 0 ? moved : 1 + random.below(3);
        await EVENTS[pick(random, KINDS)](town, broker);
        if (random.below(3) > 0) await town.inSync();
        await town.cluster.scheduler.advanceBy(random.below(5000));
      }
      await town.shared(...town.liveMembers);
      await town.committed(1);
      expect(town.ledger.violations).toEqual([]);
      for (const member of town.members) member.stop();
      await town.cluster.scheduler.advanceBy(10_000);
      expect((await town.offsets()).offsets).toEqual(new Map([...town.ledger.acknowledged].sort()));
      await town.close();
    }),
    { numRuns: 10 },
  );
}, 120_000);
