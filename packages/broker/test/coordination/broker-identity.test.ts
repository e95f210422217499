import { brokerId } from '@barnabas/model';
import { META_PROPERTIES, writeMetaProperties } from '@barnabas/storage';
import { SimulatedDisk } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { identify } from '../../src/coordination/broker-identity.ts';
import { CoordinationContext } from './coordination-context.ts';

async function begin(configuredId = -1) {
  const context = new CoordinationContext();
  const disk = new SimulatedDisk(context.random, context.clock);
  const fs = disk.newProcess();
  const { coordination } = await context.connected(context.life());
  const session = coordination.latestSession;
  if (session === undefined) throw new Error('there is no session');
  const options = { session, fs, random: context.random, logDirs: ['/a', '/b'], configuredId, reservedMaxId: 1000 };
  return { context, fs, who: () => context.run(identify(options)) };
}

describe('identify', () => {
  it('takes the id that is set', async () => {
    const { who } = await begin(3);
    expect(await who()).toMatchObject({ brokerId: 3, newDirs: new Set(['/a', '/b']) });
  });

  it('has an id made above the reserved ones, another one each time', async () => {
    const { who } = await begin();
    expect([(await who()).brokerId, (await who()).brokerId]).toEqual([1001, 1002]);
  });

  it('takes the id that was written into a log directory', async () => {
    const { context, fs, who } = await begin();
    const { clusterId } = await who();
    await fs.makeDirectory('/b');
    await writeMetaProperties(
      fs,
      `/b/${META_PROPERTIES}`,
      { brokerId: brokerId(1007), clusterId },
      context.clock.nowMs(),
    );
    expect(await who()).toMatchObject({ brokerId: 1007, newDirs: new Set(['/a']) });
  });

  it('knows of nothing lost for an id that is new', async () => {
    const { who } = await begin();
    expect((await who()).newDirs).toEqual(new Set());
  });

  it('makes the id of the cluster once', async () => {
    const { who } = await begin(1);
    const first = await who();
    expect(first.clusterId).toMatch(/^[\w-]{22}$/);
    expect((await who()).clusterId).toBe(first.clusterId);
  });
});
