import { describe, expect, it } from 'vitest';
import { GroupTown } from '../support/groups/group-town.ts';

describe('a group on three brokers', () => {
  it('shares out the partitions, and goes on through the loss of its coordinator and of a member', async () => {
    const town = await GroupTown.start();
    const [one, two] = [town.addMember('one'), town.addMember('two')];
    await town.shared(one, two);
    await town.committed(3);

    const first = town.coordinator() ?? 0;
    const { generation } = one;
    const machine = town.machineOf(first);
    town.crashBroker(machine);
    await town.until(() => town.coordinator() !== first && town.coordinator() !== undefined);
    await town.committed(3);
    expect(town.coordinator()).not.toBe(first);

    const three = town.addMember('three');
    await town.shared(one, two, three);
    expect(one.generation).toBeGreaterThan(generation);
    await town.committed(2);

    await town.startBroker(machine);
    two.stop();
    await town.shared(one, three);
    await town.committed(2);

    expect(town.ledger.violations).toEqual([]);
    one.stop();
    three.stop();
    await town.cluster.scheduler.advanceBy(1000);
    expect((await town.offsets()).offsets).toEqual(new Map([...town.ledger.acknowledged].sort()));
    await town.close();
  });

  it('has its coordinator moved again and again, and no commit goes back', async () => {
    const town = await GroupTown.start();
    const members = [town.addMember('one'), town.addMember('two')];
    await town.shared(...members);
    for (let round = 0; round < 6; round++) {
      const moved = town.coordinator() ?? 0;
      const machine = town.machineOf(moved);
      await town.stopBroker(machine);
      await town.until(() => town.coordinator() !== moved);
      await town.committed(2);
      await town.startBroker(machine);
      await town.inSync();
    }
    await town.shared(...members);
    expect(town.ledger.violations).toEqual([]);
    await town.close();
  });

  it('finds its offsets unchanged after all brokers were stopped, or lost power', async () => {
    const town = await GroupTown.start();
    const member = town.addMember('one');
    await town.shared(member);
    await town.committed(3);
    member.stop();
    await town.cluster.scheduler.advanceBy(15_000);
    const before = await town.offsets();
    expect(before.offsets).toEqual(new Map([...town.ledger.acknowledged].sort()));
    for (const how of ['stop', 'crash'] as const) {
      for (const machine of town.machines) {
        if (how === 'stop') await town.stopBroker(machine);
        else town.crashBroker(machine);
      }
      if (how === 'crash') await town.cluster.scheduler.advanceBy(20_000);
      await Promise.all(town.machines.map((machine) => town.startBroker(machine)));
      expect(await town.offsets()).toEqual(before);
    }
    await town.close();
  });
});
