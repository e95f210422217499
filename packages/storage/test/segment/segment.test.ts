import { offset, producerId } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { HandlePool } from '../../src/files/handle-pool.ts';
import { PageCache } from '../../src/index-file/page-cache.ts';
import { MalformedFileError } from '../../src/malformed-file-error.ts';
import { Segment } from '../../src/segment/segment.ts';
import { SegmentReleasedError } from '../../src/storage-errors.ts';
import { encodeAbortedTransaction } from '../../src/transaction/aborted-transactions.ts';
import { replicated, T0 } from '../log/batches.ts';

const BASE = 100;
const INTERVAL_BYTES = 150;
const name = (suffix: string): string => `/p/00000000000000000100${suffix}`;

const ABORTED = {
  producerId: producerId(8),
  firstOffset: offset(101),
  lastOffset: offset(103),
  lastStableOffset: offset(106),
};

/** A segment from offset 100 on a simulated disk, that batches are placed in and written to at once. */
class SegmentContext {
  readonly disk = new SimulatedDisk(seededRandom(1));
  readonly #store = { handles: new HandlePool(this.disk.newProcess(), 10), pages: new PageCache(8192) };
  segment = this.opened(0);

  constructor() {
    this.disk.plantDirectory('/p');
    this.segment.beginAnew();
  }

  async append(at: number, timestamp: number): Promise<number> {
    const bytes = replicated(at, { timestamp });
    const position = this.segment.place(bytes, 0, bytes.length, INTERVAL_BYTES);
    await this.#store.handles.use(this.segment.logPath, 'write', (file) => file.write([bytes], position));
    this.segment.writtenBytes = this.segment.sizeBytes;
    return position;
  }

  async close(): Promise<Segment> {
    this.segment.closeTimeIndex();
    const { offset: offsets, time } = this.segment.openIndexes;
    await offsets.file.save();
    await time.file.save();
    await this.segment.release();
    this.segment = this.opened(this.segment.sizeBytes);
    return this.segment;
  }

  async entries(): Promise<{ offsets: number[][]; times: number[][] }> {
    const { offset: offsets, time } = await this.segment.indexes();
    const all = async <T>(count: number, entry: (index: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: count }, (_, index) => entry(index)));
    const found = await all(offsets.file.count, (index) => offsets.entry(index));
    const times = await all(time.file.count, (index) => time.entry(index));
    return {
      offsets: found.map((entry) => [entry.offset, entry.position]),
      times: times.map((entry) => [entry.timestamp - T0, entry.offset]),
    };
  }

  opened(sizeBytes = this.segment.sizeBytes): Segment {
    return new Segment(this.#store, '/p', offset(BASE), sizeBytes, T0);
  }
}

/** Six batches of 79 bytes, whose largest timestamp is that of the third. */
const filled = async (): Promise<SegmentContext> => {
  const context = new SegmentContext();
  for (const [index, ms] of [5, 3, 9, 2, 7, 1].entries()) await context.append(BASE + index, T0 + ms);
  return context;
};

describe('Segment', () => {
  it('indexes a batch once more than the interval went by, with the largest timestamp so far', async () => {
    const context = await filled();
    expect(await context.entries()).toEqual({
      offsets: [
        [102, 158],
        [104, 316],
      ],
      times: [[9, 102]],
    });
    expect(context.segment.firstTimestamp).toBe(T0 + 5);
  });

  it('closes the time index with the largest timestamp, where that is not in it', async () => {
    const context = await filled();
    await context.append(106, T0 + 20);
    await context.close();
    expect((await context.entries()).times).toEqual([
      [9, 102],
      [20, 106],
    ]);
    expect(await context.segment.maxTimestamp()).toEqual({ timestamp: T0 + 20, offset: 106 });
  });

  it('finds out what appending needs to know when it is opened again', async () => {
    const context = await filled();
    const segment = await context.close();
    await segment.prepareForAppend();
    expect(segment.firstTimestamp).toBe(T0 + 5);
    expect(await context.append(106, T0 + 8)).toBe(6 * 79);
    expect(await segment.maxTimestamp()).toEqual({ timestamp: T0 + 9, offset: 102 });
  });

  it('does not index before it is prepared', async () => {
    const context = await filled();
    await context.close();
    expect(() => context.segment.openIndexes).toThrow(/the indexes are not open/);
    expect(() => context.segment.addAborted(ABORTED)).toThrow(/the transaction index is not open/);
  });

  it('cuts its log and its indexes, and finds the largest timestamp that is left', async () => {
    const context = await filled();
    await context.segment.truncateTo(158, offset(102));
    await context.segment.findMaxTimestamp(0);
    expect(context.segment.sizeBytes).toBe(158);
    expect(await context.entries()).toEqual({ offsets: [], times: [] });
    expect(await context.segment.maxTimestamp()).toEqual({ timestamp: T0 + 5, offset: 100 });
    expect(await context.append(102, T0)).toBe(158);
  });

  it('does not see what a stale page says once its indexes are made anew', async () => {
    const context = await filled();
    await context.close();
    await context.entries();
    context.segment.beginAnew();
    context.segment.sizeBytes = 0;
    for (const [index, ms] of [1, 2, 3, 4].entries()) await context.append(BASE + index, T0 + ms);
    const { offset: offsets, time } = context.segment.openIndexes;
    await offsets.file.save();
    await time.file.save();
    expect((await context.entries()).times).toEqual([[3, 102]]);
  });

  it('takes missing index files for empty ones', async () => {
    const context = await filled();
    context.segment = context.opened();
    expect(await context.entries()).toEqual({ offsets: [], times: [] });
  });

  it('reads its aborted transactions, and says what is wrong with them', async () => {
    const context = await filled();
    const transactions = [ABORTED, { ...ABORTED, lastOffset: offset(105) }];
    const bytes = Buffer.concat(transactions.map(encodeAbortedTransaction));
    context.disk.plantFile(name('.txnindex'), bytes);
    const segment = await context.close();
    expect(await segment.abortedTransactions()).toEqual(transactions);
    expect(await segment.dropAbortedFrom(offset(106))).toBe(false);
    expect(await segment.dropAbortedFrom(offset(105))).toBe(true);
    expect(await segment.abortedTransactions()).toEqual(transactions.slice(0, 1));
    context.disk.plantFile(name('.txnindex'), bytes.subarray(0, 40));
    await expect(context.opened().abortedTransactions()).rejects.toThrow(MalformedFileError);
  });

  it('is not to be read once it was released: its names may stand for other files', async () => {
    const context = await filled();
    await context.segment.release();
    for (const read of [
      () => context.segment.read(Buffer.alloc(1), 0),
      () => context.segment.scan(0, 61, 'headers', () => 'stop'),
      () => context.segment.indexes(),
      () => context.segment.abortedTransactions(),
    ]) {
      await expect(read()).rejects.toThrow(SegmentReleasedError);
    }
  });
});
