import { leaderEpoch, offset, producerId } from '@barnabas/model';
import { BatchError, leaderEpochOf, readRecords } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { OffsetLimitError, UnexpectedOffsetError } from '../../src/log/append-errors.ts';
import { truncateFullyAndStartAt } from '../../src/log/truncation.ts';
import { EPOCH, marker, produced, sequenced, T0, transactional } from './batches.ts';
import { LogContext } from './log-context.ts';

const LOG = /\.log$/;

describe('appendAsLeader', () => {
  it('gives a batch the next offsets and the epoch of the leader', async () => {
    const context = await LogContext.create();
    await context.append(produced({ count: 3 }));
    const second = context.log.appendAsLeader(produced({ count: 2 }), leaderEpoch(4));
    expect(second).toMatchObject({ firstOffset: 3, lastOffset: 4, appendTimeMs: undefined, duplicate: false });
    await second.acknowledged;
    const [, batch = Buffer.alloc(0)] = await context.readAll();
    expect(leaderEpochOf(batch)).toBe(4);
    expect(readRecords(batch).map((record) => record.offset)).toEqual([3, 4]);
    expect(context.log.endOffsetForEpoch(leaderEpoch(0))).toEqual({ epoch: 0, endOffset: 3 });
  });

  it('acknowledges in the order of the appends', async () => {
    const context = await LogContext.create({ config: { segmentBytes: 300 } });
    const order: number[] = [];
    const appends = Array.from({ length: 20 }, (_, i) =>
      context.log.appendAsLeader(produced(), EPOCH).acknowledged.then(() => order.push(i)),
    );
    await Promise.all(appends);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('refuses a damaged batch with nothing appended', async () => {
    const context = await LogContext.create();
    const bytes = produced();
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    expect(() => context.log.appendAsLeader(bytes, EPOCH)).toThrow(BatchError);
    expect(context.log.endOffset).toBe(0);
    expect(context.log.sizeBytes).toBe(0);
  });

  it('appends at the offset that is expected or not at all; what is there already is where it is', async () => {
    const context = await LogContext.create();
    await context.append(produced({ count: 3 }));
    for (const expected of [0, 2, 4]) {
      expect(() => context.log.appendAsLeader(produced(), EPOCH, 'client', offset(expected))).toThrow(
        new UnexpectedOffsetError(context.log.name, offset(3), offset(expected)),
      );
    }
    expect(context.log.endOffset).toBe(3);
    expect(context.log.appendAsLeader(sequenced(0), EPOCH, 'client', offset(3))).toMatchObject({ firstOffset: 3 });
    const again = context.log.appendAsLeader(sequenced(0), EPOCH, 'client', offset(3));
    expect(again).toMatchObject({ firstOffset: 3, duplicate: true });
  });

  it('takes the last offset that a number holds, and no later one', async () => {
    const context = await LogContext.create();
    const last = Number.MAX_SAFE_INTEGER - 1;
    await truncateFullyAndStartAt(context.log, offset(last - 2));
    expect(() => context.log.appendAsLeader(produced({ count: 4 }), EPOCH)).toThrow(OffsetLimitError);
    await context.append(produced({ count: 3 }));
    expect(context.log.endOffset).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => context.log.appendAsLeader(produced(), EPOCH)).toThrow(OffsetLimitError);
    await context.reopen('crashed');
    expect(await context.ranges()).toEqual([[last - 2, last]]);
  });

  describe('with a producer id', () => {
    it('answers a duplicate with the offsets of the original', async () => {
      const context = await LogContext.create();
      await context.append(produced());
      await context.append(sequenced(0, { count: 2 }));
      const again = context.log.appendAsLeader(sequenced(0, { count: 2 }), EPOCH);
      expect(again).toMatchObject({ firstOffset: 1, lastOffset: 2, duplicate: true });
      await again.acknowledged;
      expect(context.log.endOffset).toBe(3);
      expect(() => context.log.appendAsLeader(sequenced(5), EPOCH)).toThrow(/sequence 5 came, 2 was to come/);
    });

    it('acknowledges a duplicate only once the original is on the disk', async () => {
      const context = await LogContext.create();
      const goOn = context.disk.faults.stall('sync', LOG);
      const done: string[] = [];
      const original = context.log.appendAsLeader(sequenced(0), EPOCH).acknowledged.then(() => done.push('original'));
      await context.disk.settled();
      const again = context.log.appendAsLeader(sequenced(0), EPOCH);
      const duplicate = again.acknowledged.then(() => done.push('duplicate'));
      await context.disk.settled();
      expect(again.duplicate).toBe(true);
      expect(done).toEqual([]);
      goOn();
      await Promise.all([original, duplicate]);
      expect(done).toEqual(['original', 'duplicate']);
    });

    it('remembers duplicates when it is opened again', async () => {
      const context = await LogContext.create();
      await context.append(sequenced(0));
      await context.reopen('crashed');
      expect(context.log.appendAsLeader(sequenced(0), EPOCH)).toMatchObject({ firstOffset: 0, duplicate: true });
      await context.reopen('closed');
      expect(context.log.appendAsLeader(sequenced(0), EPOCH)).toMatchObject({ firstOffset: 0, duplicate: true });
    });
  });

  it('keeps the marker of a transaction a marker, whatever the codec of the topic', async () => {
    const context = await LogContext.create({ config: { compressionType: 'gzip', cleanupPolicy: ['compact'] } });
    for (const bytes of [transactional(8, 0), marker('abort', 8, T0 + 1)]) {
      await context.log.appendAsLeader(bytes, EPOCH, 'coordinator').acknowledged;
    }
    context.log.updateHighWatermark(context.log.endOffset);
    expect(context.log.lastStableOffset).toBe(2);
    const read = await context.log.read(offset(0), { maxBytes: 1000, isolation: 'lastStable' });
    expect(await context.log.abortedTransactions(offset(0), read)).toEqual([
      { producerId: producerId(8), firstOffset: 0, lastOffset: 1, lastStableOffset: 2 },
    ]);
  });
});

describe('beginEpoch', () => {
  it.each([
    'group',
    'os',
  ] as const)('is remembered from the next checkpoint on, though appends are under way (%s)', async (flushMode) => {
    const context = await LogContext.create({ flushMode });
    await context.append(produced());
    const appends: Promise<void>[] = [];
    for (let i = 0; i < 5; i++) {
      appends.push(context.log.appendAsLeader(produced(), EPOCH).acknowledged);
      if (i === 2) await new Promise((resolve) => setImmediate(resolve));
    }
    context.log.beginEpoch(leaderEpoch(3));
    await context.log.flush();
    await context.openManager.checkpoint();
    await context.reopen('crashed');
    await Promise.allSettled(appends);
    expect(context.log.endOffset).toBe(6);
    await context.append(produced());
    expect(context.log.endOffsetForEpoch(EPOCH)).toEqual({ epoch: 0, endOffset: 7 });
  });

  it.each([
    'killed',
    'crashed',
  ] as const)('is read out of its batches where no checkpoint came before the process was %s', async (end) => {
    const context = await LogContext.create();
    await context.append(produced({ count: 2 }));
    await context.openManager.checkpoint();
    context.log.beginEpoch(leaderEpoch(3));
    await context.log.appendAsLeader(produced(), leaderEpoch(3)).acknowledged;
    await context.reopen(end);
    expect(context.log.latestEpoch).toBe(3);
    expect(context.log.endOffsetForEpoch(EPOCH)).toEqual({ epoch: 0, endOffset: 2 });
  });

  it('holds the recovery point until it is on the disk', async () => {
    const context = await LogContext.create();
    await context.append(produced({ count: 2 }));
    await context.openManager.checkpoint();
    context.log.beginEpoch(leaderEpoch(3));
    await context.log.appendAsLeader(produced(), leaderEpoch(3)).acknowledged;
    expect(context.log.durableEndOffset).toBe(3);
    expect(context.log.recoveryPoint).toBe(2);
    const saved = () => context.disk.readDurable('/data/t-0/leader-epoch-checkpoint')?.toString();
    expect(saved()).toBe('0\n1\n0 0\n');
    await context.openManager.checkpoint();
    expect(saved()).toBe('0\n2\n0 0\n3 2\n');
    expect(context.log.recoveryPoint).toBe(3);
  });

  it('is written once, however many checkpoints are under way', async () => {
    const context = await LogContext.create();
    await context.append(produced());
    const renamed: string[] = [];
    const rename = context.process.rename.bind(context.process);
    context.process.rename = (from, to) => {
      renamed.push(to);
      return rename(from, to);
    };
    for (let partition = 1; partition < 10; partition++) await context.openManager.create({ topic: 't', partition });
    for (const log of context.openManager.logs()) log.beginEpoch(leaderEpoch(3));
    await Promise.all([1, 2, 3].map(() => context.openManager.checkpoint()));
    expect(renamed.filter((to) => to.endsWith('leader-epoch-checkpoint'))).toHaveLength(10);
  });

  it('says where the epoch began, though nothing was written in it', async () => {
    const context = await LogContext.create();
    await context.append(produced({ count: 2 }));
    context.log.beginEpoch(leaderEpoch(3));
    context.log.beginEpoch(leaderEpoch(5));
    expect(context.log.latestEpoch).toBe(5);
    expect(context.log.endOffsetForEpoch(EPOCH)).toEqual({ epoch: 0, endOffset: 2 });
    expect(context.log.endOffsetForEpoch(leaderEpoch(5))).toEqual({ epoch: 5, endOffset: 2 });
  });
});
