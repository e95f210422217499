import { type ErrorName, leaderEpoch, offset } from '@barnabas/model';
import { lastOffsetOf } from '@barnabas/protocol';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { GroupLoad } from '../../../src/groups/loading/group-load.ts';
import type { FetchedPartition, FetchPartition, FetchSpec } from '../../../src/replication/replicas.ts';
import { SerialQueue } from '../../../src/replication/waits/serial-queue.ts';
import { batchAt, commitOf, shown } from '../../support/groups/offsets-records.ts';
import { recordingLog } from '../../support/recording-log.ts';

const LED = { topicPartition: { topic: '__consumer_offsets', partition: 7 }, leaderEpoch: leaderEpoch(4) };

/** A load out of a log of batches, one of which is read at a time. */
class LoadLab {
  readonly scheduler = new SimulatedScheduler(new SimulatedClock());
  readonly log = recordingLog();
  readonly asked: FetchPartition[] = [];
  readonly found: string[] = [];
  batches: Buffer[] = [];
  highWatermark = 0;
  start = 0;
  error: ErrorName | undefined;
  isWanted = true;
  turns = 0;
  onRecord = (): void => {};
  onFetch = (): void => {};

  load(end: number): Promise<boolean> {
    return new GroupLoad({
      led: LED,
      start: offset(0),
      end: offset(end),
      replicas: { fetch: (spec) => this.#fetch(spec) },
      bufferBytes: 1_000_000,
      turns: new SerialQueue(),
      pause: (delayMs) => {
        this.turns++;
        return new Promise((resolve) => void this.scheduler.after(delayMs, resolve));
      },
      isWanted: () => this.isWanted,
      replay: (record) => {
        this.found.push(shown(record));
        this.onRecord();
      },
      log: this.log,
    }).run();
  }

  async #fetch({ partitions, maxWaitMs }: FetchSpec): Promise<FetchedPartition[]> {
    const [asked] = partitions;
    if (asked === undefined) throw new Error('nothing is asked for');
    this.asked.push(asked);
    this.onFetch();
    const batch = this.batches.find((each) => lastOffsetOf(each) >= asked.fetchOffset);
    const isThere = batch !== undefined && lastOffsetOf(batch) < this.highWatermark;
    if (!isThere && maxWaitMs > 0) await new Promise<void>((resolve) => void this.scheduler.after(maxWaitMs, resolve));
    const isBelow = asked.fetchOffset < this.start;
    const error = this.error ?? (isBelow ? 'OFFSET_OUT_OF_RANGE' : undefined);
    return [
      {
        topic: asked.topic,
        partition: asked.partition,
        error,
        highWatermark: this.highWatermark,
        lastStableOffset: this.highWatermark,
        logStartOffset: this.start,
        divergingEpoch: undefined,
        abortedTransactions: undefined,
        records: isThere && error === undefined ? [batch] : [],
      },
    ];
  }
}

describe('loading the groups of a partition', () => {
  it('reads all that is committed, piece by piece, under the leader epoch', async () => {
    const lab = new LoadLab();
    lab.batches = [batchAt(0, [commitOf('g', 1)]), batchAt(1, [commitOf('g', 2), commitOf('h', 3)])];
    lab.highWatermark = 3;
    expect(await lab.load(3)).toBe(true);
    expect(lab.found).toEqual(['g t-0=1', 'g t-0=2', 'h t-0=3']);
    expect(lab.asked.map(({ fetchOffset }) => fetchOffset)).toEqual([0, 1]);
    expect(lab.asked.map(({ currentLeaderEpoch }) => currentLeaderEpoch)).toEqual([4, 4]);
  });

  it('is done at once where the log is empty', async () => {
    expect(await new LoadLab().load(0)).toBe(true);
  });

  it('ends where compaction has left nothing of the last offsets', async () => {
    const lab = new LoadLab();
    lab.batches = [batchAt(0, [commitOf('g', 1)])];
    lab.highWatermark = 50;
    expect(await lab.load(50)).toBe(true);
    expect(lab.found).toEqual(['g t-0=1']);
  });

  it('goes on at the start of the log where that has moved meanwhile', async () => {
    const lab = new LoadLab();
    lab.batches = [batchAt(0, [commitOf('g', 1)]), batchAt(1, [commitOf('g', 2)])];
    lab.highWatermark = 2;
    lab.start = 1;
    expect(await lab.load(2)).toBe(true);
    expect(lab.found).toEqual(['g t-0=2']);
  });

  it('waits for what the log had when it began to be led here to be committed', async () => {
    const lab = new LoadLab();
    lab.batches = [batchAt(0, [commitOf('g', 1)]), batchAt(1, [commitOf('g', 2)])];
    lab.highWatermark = 1;
    let isLoaded = false;
    const loading = lab.load(2).then(() => {
      isLoaded = true;
    });
    await lab.scheduler.advanceBy(10_000);
    expect(isLoaded).toBe(false);
    expect(lab.found).toEqual(['g t-0=1']);
    lab.highWatermark = 2;
    await lab.scheduler.advanceBy(1000);
    await loading;
    expect(lab.found).toEqual(['g t-0=1', 'g t-0=2']);
  });

  it('tries again after a failure', async () => {
    const lab = new LoadLab();
    lab.batches = [batchAt(0, [commitOf('g', 1)])];
    lab.highWatermark = 1;
    lab.error = 'KAFKA_STORAGE_ERROR';
    const loading = lab.load(1);
    await lab.scheduler.advanceBy(500);
    lab.error = undefined;
    expect(lab.found).toEqual([]);
    await lab.scheduler.advanceBy(500);
    expect(await loading).toBe(true);
    expect(lab.found).toEqual(['g t-0=1']);
  });

  it('takes nothing of what was read while it came to be wanted no longer', async () => {
    const lab = new LoadLab();
    lab.batches = [batchAt(0, [commitOf('g', 1)])];
    lab.highWatermark = 1;
    lab.onFetch = () => {
      lab.isWanted = false;
    };
    expect(await lab.load(1)).toBe(false);
    expect(lab.found).toEqual([]);
  });

  it('ends once nobody wants it, also in the middle of a piece', async () => {
    const lab = new LoadLab();
    const records = Array.from({ length: 2500 }, (_, at) => commitOf('g', at));
    lab.batches = [batchAt(0, records)];
    lab.highWatermark = 2500;
    lab.onRecord = () => {
      if (lab.found.length === 1500) lab.isWanted = false;
    };
    const loading = lab.load(2500);
    await lab.scheduler.advanceBy(1);
    expect(await loading).toBe(false);
    expect(lab.found).toHaveLength(2000);
  });

  it('lets everything else have its turn between records', async () => {
    const lab = new LoadLab();
    lab.batches = [
      batchAt(
        0,
        Array.from({ length: 3500 }, (_, at) => commitOf('g', at)),
      ),
    ];
    lab.highWatermark = 3500;
    const loading = lab.load(3500);
    await lab.scheduler.advanceBy(1);
    expect(await loading).toBe(true);
    expect(lab.found).toHaveLength(3500);
    expect(lab.turns).toBe(3);
  });
});
