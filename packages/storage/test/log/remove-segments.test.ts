import { offset } from '@barnabas/model';
import { SimulatedClock, SimulatedDisk, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { SEGMENT_SUFFIXES, segmentFileName } from '../../src/file-names.ts';
import { HandlePool } from '../../src/files/handle-pool.ts';
import { PageCache } from '../../src/index-file/page-cache.ts';
import { removeSegments } from '../../src/log/remove-segments.ts';
import { Segment } from '../../src/segment/segment.ts';

/** Segments with all their files in one directory of a simulated disk. */
class RemovalContext {
  readonly disk = new SimulatedDisk(seededRandom(3));
  readonly scheduler = new SimulatedScheduler(new SimulatedClock(), () => this.disk.settled());
  readonly #handles = new HandlePool(this.disk.newProcess(), 10);

  segment(base: number, suffixes: readonly (typeof SEGMENT_SUFFIXES)[number][] = SEGMENT_SUFFIXES): Segment {
    for (const suffix of suffixes) this.disk.plantFile(`/p/${segmentFileName(offset(base), suffix)}`, Buffer.alloc(1));
    return new Segment({ handles: this.#handles, pages: new PageCache(0) }, '/p', offset(base), 1, 0);
  }

  remove(segments: readonly Segment[], delayMs = 100): Promise<void> {
    return removeSegments(this.#handles.fs, this.scheduler, '/p', segments, delayMs);
  }
}

describe('removeSegments', () => {
  it('takes the names at once, on the disk too, and the files after the delay', async () => {
    const context = new RemovalContext();
    await context.remove([context.segment(0), context.segment(7)]);
    expect(context.disk.durableListing()).toHaveLength(10);
    expect(context.disk.durableListing().every((path) => path.endsWith('.deleted'))).toBe(true);
    await context.scheduler.advanceBy(99);
    expect(context.disk.listing()).toHaveLength(10);
    await context.scheduler.advanceBy(1);
    expect(context.disk.listing()).toEqual([]);
  });

  it('takes them in the order given, so that a crash leaves the later ones', async () => {
    const context = new RemovalContext();
    const goOn = context.disk.faults.stall('rename', /00007\.log$/);
    const removal = context.remove([context.segment(9), context.segment(7), context.segment(0)]);
    await context.disk.settled();
    expect(context.disk.listing().filter((path) => path.endsWith('.deleted'))).toEqual(
      SEGMENT_SUFFIXES.map((suffix) => `/p/${segmentFileName(offset(9), suffix)}.deleted`).sort(),
    );
    goOn();
    await removal;
  });

  it('passes over files that are not there, now or after the delay', async () => {
    const context = new RemovalContext();
    await context.remove([context.segment(0, ['.log'])]);
    await context.disk.newProcess().removeFile('/p/00000000000000000000.log.deleted');
    await context.scheduler.advanceBy(100);
    expect(context.disk.listing()).toEqual([]);
  });

  it('rejects where a file cannot be renamed', async () => {
    const context = new RemovalContext();
    context.disk.faults.fail('rename', /index$/, 'EIO');
    await expect(context.remove([context.segment(0)])).rejects.toMatchObject({ code: 'EIO' });
  });

  it('sets no timer and touches no disk for no segments', async () => {
    const context = new RemovalContext();
    await context.remove([]);
    expect(context.scheduler.pendingTimers).toBe(0);
  });
});
