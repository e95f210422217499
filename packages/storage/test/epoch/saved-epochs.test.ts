import { leaderEpoch, offset } from '@barnabas/model';
import { SimulatedClock, SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { LeaderEpochCache } from '../../src/epoch/leader-epoch-cache.ts';
import { SavedEpochs } from '../../src/epoch/saved-epochs.ts';

const PATH = '/leader-epoch-checkpoint';

function start() {
  const disk = new SimulatedDisk(seededRandom(1), new SimulatedClock());
  const epochs = new LeaderEpochCache();
  const saved = new SavedEpochs(disk.newProcess(), PATH, epochs);
  const begin = (epoch: number, at: number): void => {
    epochs.assign(leaderEpoch(epoch), offset(at));
    saved.begins(offset(at));
  };
  return { disk, saved, begin, text: () => disk.readDurable(PATH)?.toString() };
}

describe('SavedEpochs', () => {
  it('is behind from an epoch on until it has been saved', async () => {
    const { saved, begin, text } = start();
    expect(saved.isBehind).toBe(false);
    begin(1, 10);
    begin(2, 20);
    expect([saved.isBehind, saved.unsavedFrom]).toEqual([true, 10]);
    await saved.save();
    expect([saved.isBehind, saved.unsavedFrom]).toEqual([false, undefined]);
    expect(text()).toBe('0\n2\n1 10\n2 20\n');
  });

  it('stays behind where an epoch begins while it is being saved', async () => {
    const { disk, saved, begin } = start();
    begin(1, 10);
    const release = disk.faults.stall('rename', /leader-epoch/);
    const saving = saved.save();
    await disk.settled();
    begin(2, 20);
    release();
    await saving;
    expect([saved.isBehind, saved.unsavedFrom]).toEqual([true, 10]);
    await saved.save();
    expect([saved.isBehind, saved.unsavedFrom]).toEqual([false, undefined]);
  });

  it('stays behind where it could not be saved', async () => {
    const { disk, saved, begin } = start();
    begin(1, 10);
    disk.faults.fail('write', /leader-epoch/, 'EIO', 1);
    await expect(saved.save()).rejects.toThrow('EIO');
    expect([saved.isBehind, saved.unsavedFrom]).toEqual([true, 10]);
  });

  it('writes nothing once it is closed, and closes after what it was writing', async () => {
    const { disk, saved, begin, text } = start();
    begin(1, 10);
    const release = disk.faults.stall('rename', /leader-epoch/);
    const order: string[] = [];
    const saving = saved.save().then(() => order.push('saved'));
    await disk.settled();
    const closing = saved.close().then(() => order.push('closed'));
    release();
    await Promise.all([saving, closing]);
    expect(order).toEqual(['saved', 'closed']);
    begin(2, 20);
    expect(saved.isBehind).toBe(false);
    await saved.save();
    expect(text()).toBe('0\n1\n1 10\n');
  });
});
