import { describe, expect, it } from 'vitest';
import { INITIAL_IMAGE } from '../../../src/server/persistence/initial-image.ts';
import { TxnLogFailedError } from '../../../src/server/persistence/persistence-errors.ts';
import { appendDurably } from '../../support/persistence/durable.ts';
import { RecordingListener } from '../../support/persistence/recording-listener.ts';
import { openOn, simulatedDisk, VERSION_DIR } from '../../support/persistence/simulated.ts';
import { txnOf, txnsOf, zxidsOf } from '../../support/persistence/txns.ts';

const LOG_FILES = /\/log\.[0-9a-f]+$/;

const logNames = (paths: readonly string[]): string[] => paths.filter((path) => LOG_FILES.test(path));

describe('a transaction log', () => {
  it('tells when what was appended is on the disk, and not before', async () => {
    const disk = simulatedDisk();
    const { txnLog } = await openOn(disk);
    const listener = new RecordingListener();
    txnLog.listen(listener);
    const release = disk.faults.stall('sync', LOG_FILES);
    txnLog.append(txnOf(1));
    await disk.settled();
    expect(listener.durableZxids).toEqual([]);
    expect(txnLog.durableZxid).toBe(0);
    release();
    await txnLog.untilDurable(1);
    expect(listener.durableZxids).toEqual([1]);
    expect(txnLog.durableZxid).toBe(1);
    disk.crash();
    expect(zxidsOf((await openOn(disk)).txns)).toEqual([1]);
  });

  it('takes all that was appended in one turn to the disk with one flush', async () => {
    const disk = simulatedDisk();
    const { txnLog } = await openOn(disk);
    const listener = new RecordingListener();
    txnLog.listen(listener);
    await appendDurably(txnLog, [txnOf(1)]);
    const syncs = disk.counters.syncs;
    await appendDurably(txnLog, txnsOf(2, 500));
    expect(disk.counters.syncs - syncs).toBe(1);
    expect(listener.durableZxids).toEqual([1, 500]);
  });

  it('takes all that was appended during a flush to the disk with the next', async () => {
    const disk = simulatedDisk();
    const { txnLog } = await openOn(disk);
    const listener = new RecordingListener();
    txnLog.listen(listener);
    await appendDurably(txnLog, [txnOf(1)]);
    const release = disk.faults.stall('sync', LOG_FILES);
    txnLog.append(txnOf(2));
    await disk.settled();
    for (const txn of txnsOf(3, 50)) txnLog.append(txn);
    const syncs = disk.counters.syncs;
    release();
    await txnLog.untilDurable(50);
    expect(disk.counters.syncs - syncs).toBe(2);
    expect(listener.durableZxids).toEqual([1, 2, 50]);
  });

  it('flushes nothing where that is not wanted, until it begins a new file', async () => {
    const disk = simulatedDisk();
    const { txnLog } = await openOn(disk, { sync: 'none' });
    await appendDurably(txnLog, [txnOf(1)]);
    const syncs = disk.counters.syncs;
    await appendDurably(txnLog, txnsOf(2, 10));
    expect(disk.counters.syncs).toBe(syncs);
    txnLog.roll();
    await appendDurably(txnLog, [txnOf(11)]);
    disk.crash();
    expect(zxidsOf((await openOn(disk)).txns).slice(0, 10)).toEqual(zxidsOf(txnsOf(1, 10)));
  });

  it('begins a new file at each start, at each snapshot, and at no other time', async () => {
    const disk = simulatedDisk();
    const first = await openOn(disk);
    await appendDurably(first.txnLog, txnsOf(1, 3));
    await first.saveSnapshot({ ...INITIAL_IMAGE, lastZxid: 3 });
    await first.saveSnapshot({ ...INITIAL_IMAGE, lastZxid: 3 });
    await appendDurably(first.txnLog, txnsOf(4, 5));
    await appendDurably(first.txnLog, txnsOf(6, 20));
    await first.close();
    const second = await openOn(disk);
    await appendDurably(second.txnLog, [txnOf(21)]);
    await second.close();
    expect(logNames(disk.listing())).toEqual(['1', '15', '4'].map((zxid) => `${VERSION_DIR}/log.${zxid}`));
  });

  it('is as long as what is in it, once it is complete', async () => {
    const disk = simulatedDisk();
    const { txnLog, close } = await openOn(disk);
    await appendDurably(txnLog, [txnOf(1)]);
    expect(disk.readDurable(`${VERSION_DIR}/log.1`)).toHaveLength(8192);
    await appendDurably(txnLog, [txnOf(2, { sizeBytes: 9000 })]);
    expect(disk.readDurable(`${VERSION_DIR}/log.1`)).toHaveLength(16_384);
    txnLog.roll();
    await appendDurably(txnLog, [txnOf(3)]);
    await close();
    const sizes = ['log.1', 'log.3'].map((name) => disk.readDurable(`${VERSION_DIR}/${name}`)?.length);
    // Header, and of each transaction 62 bytes and the data.
    expect(sizes).toEqual([16 + 62 + 20 + 62 + 9000, 16 + 62 + 20]);
  });

  it('says once that a snapshot is due, and again when enough has come after it', async () => {
    const disk = simulatedDisk();
    const { txnLog } = await openOn(disk, { snapCount: 10 });
    const listener = new RecordingListener();
    txnLog.listen(listener);
    await appendDurably(txnLog, txnsOf(1, 9));
    expect(listener.snapshotsDue).toBe(0);
    await appendDurably(txnLog, [txnOf(10)]);
    await appendDurably(txnLog, txnsOf(11, 30));
    expect(listener.snapshotsDue).toBe(1);
    txnLog.roll();
    await appendDurably(txnLog, txnsOf(31, 40));
    expect(listener.snapshotsDue).toBe(2);
  });

  it('says so also by the bytes, and counts what was replayed', async () => {
    const disk = simulatedDisk();
    const first = await openOn(disk, { snapSizeBytes: 1000 });
    const listener = new RecordingListener();
    first.txnLog.listen(listener);
    await appendDurably(first.txnLog, [txnOf(1, { sizeBytes: 1000 })]);
    expect(listener.snapshotsDue).toBe(1);
    await appendDurably(first.txnLog, txnsOf(2, 9));
    await first.close();
    const second = await openOn(disk, { snapCount: 10 });
    second.txnLog.listen(listener);
    await appendDurably(second.txnLog, [txnOf(10)]);
    expect(listener.snapshotsDue).toBe(2);
  });

  it('takes transactions in rising order alone, and none when it is closed', async () => {
    const { txnLog, close } = await openOn(simulatedDisk());
    txnLog.append(txnOf(2));
    expect(() => txnLog.append(txnOf(2))).toThrow(RangeError);
    expect(() => txnLog.append(txnOf(1))).toThrow(RangeError);
    await expect(txnLog.untilDurable(3)).rejects.toThrow(RangeError);
    await close();
    expect(() => txnLog.append(txnOf(3))).toThrow('closed');
  });

  it('has all that was appended on the disk when it is closed', async () => {
    const disk = simulatedDisk();
    const { txnLog, close } = await openOn(disk);
    for (const txn of txnsOf(1, 20)) txnLog.append(txn);
    await close();
    disk.crash();
    expect(zxidsOf((await openOn(disk)).txns)).toEqual(zxidsOf(txnsOf(1, 20)));
  });
});

describe('a transaction log whose disk fails', () => {
  it.each([
    { operation: 'write', path: LOG_FILES },
    { operation: 'sync', path: LOG_FILES },
    { operation: 'truncate', path: LOG_FILES },
    { operation: 'open', path: LOG_FILES },
    { operation: 'syncDirectory', path: /version-2$/ },
    { operation: 'write', path: /recovery-point$/ },
    { operation: 'sync', path: /recovery-point$/ },
  ] as const)('reports nothing durable after a failed $operation of $path, ever', async ({ operation, path }) => {
    const disk = simulatedDisk();
    const { txnLog, close, saveSnapshot } = await openOn(disk);
    const listener = new RecordingListener();
    txnLog.listen(listener);
    await appendDurably(txnLog, txnsOf(1, 2));
    disk.faults.fail(operation, path, 'EIO', 1);
    txnLog.roll();
    txnLog.append(txnOf(3));
    await expect(txnLog.untilDurable(3)).rejects.toThrow(TxnLogFailedError);
    // The disk would take it now.
    txnLog.append(txnOf(4));
    await expect(saveSnapshot({ ...INITIAL_IMAGE, lastZxid: 3 })).rejects.toThrow(TxnLogFailedError);
    await disk.settled();
    await close();
    expect(listener.durableZxids).toEqual([2]);
    expect(listener.failures).toHaveLength(1);
    expect(listener.failures[0]).toMatchObject({ cause: { code: 'EIO' } });
    expect(txnLog.failure).toBe(listener.failures[0]);
    disk.crash();
    const { txns } = await openOn(disk);
    expect(zxidsOf(txns).slice(0, 2)).toEqual([1, 2]);
  });

  it('goes on where a write is short, and fails where no room is left', async () => {
    const disk = simulatedDisk();
    const { txnLog } = await openOn(disk);
    const listener = new RecordingListener();
    txnLog.listen(listener);
    disk.faults.shortWriteChance = 0.8;
    for (const txn of txnsOf(1, 40)) await appendDurably(txnLog, [txn]);
    disk.faults.spaceBytes = 100;
    txnLog.append(txnOf(41, { sizeBytes: 300 }));
    await expect(txnLog.untilDurable(41)).rejects.toMatchObject({ cause: { code: 'ENOSPC' } });
    disk.faults.spaceBytes = Number.POSITIVE_INFINITY;
    disk.crash();
    expect(zxidsOf((await openOn(disk)).txns)).toEqual(zxidsOf(txnsOf(1, 40)));
  });
});
