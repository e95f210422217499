import { type Offset, offset } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { readOffsetCheckpoint } from '../../src/checkpoint/offset-checkpoint.ts';
import { SavedOffsets } from '../../src/manager/saved-offsets.ts';

class SavedContext {
  readonly disk = new SimulatedDisk(seededRandom(1));
  readonly fs = this.disk.newProcess();
  readonly offsets = new Map<string, Offset>();
  readonly saved = new SavedOffsets(this.fs, '/checkpoint', () => this.offsets);

  onDisk(): Promise<ReadonlyMap<string, Offset>> {
    return readOffsetCheckpoint(this.fs, '/checkpoint');
  }
}

describe('SavedOffsets', () => {
  it('writes what is to be said, though many ask at a time', async () => {
    const context = new SavedContext();
    const asked = Array.from({ length: 5 }, (_, value) => {
      context.offsets.set('a-0', offset(value));
      return context.saved.save();
    });
    await Promise.all(asked);
    expect(await context.onDisk()).toEqual(new Map([['a-0', 4]]));
  });

  it('writes nothing where nothing is new', async () => {
    const context = new SavedContext();
    await context.saved.save();
    const { writes } = context.disk.counters;
    await context.saved.save();
    expect(context.disk.counters.writes).toBe(writes);
    context.offsets.set('a-0', offset(1));
    await context.saved.save();
    expect(await context.onDisk()).toEqual(context.offsets);
  });

  it('writes again after a write that failed, though nothing is new', async () => {
    const context = new SavedContext();
    await context.saved.save();
    context.offsets.set('a-0', offset(1));
    context.disk.faults.fail('rename', /checkpoint/, 'EIO', 1);
    await expect(context.saved.save()).rejects.toMatchObject({ code: 'EIO' });
    await context.saved.save();
    expect(await context.onDisk()).toEqual(context.offsets);
  });
});
