/** Directories as ZooKeeper leaves them, of which no recovery point tells what was flushed, and as this server does. */
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { adler32 } from '../../../src/server/persistence/adler32.ts';
import { type LastLogFile, recoverLog } from '../../../src/server/persistence/recover-log.ts';
import type { RecoveryPoint } from '../../../src/server/persistence/recovery-point.ts';
import type { LoggedTxn } from '../../../src/txn/txn.ts';
import { logBytes, positionOf } from '../../support/persistence/log-bytes.ts';
import { txnOf, txnsOf, zxidsOf } from '../../support/persistence/txns.ts';

type Files = Readonly<Record<string, Buffer>>;
type Found = { zxids: number[]; lastFile: LastLogFile | undefined };

const EPOCH = 2 ** 32;

const recover = async (files: Files, snapshotZxid = 0, recoveryPoint?: RecoveryPoint): Promise<Found> => {
  const disk = new SimulatedDisk(seededRandom(1));
  disk.plantDirectory('/v');
  for (const [name, content] of Object.entries(files)) disk.plantFile(`/v/${name}`, content);
  const { txns, lastFile } = await recoverLog(disk.newProcess(), '/v', Object.keys(files), snapshotZxid, recoveryPoint);
  return { zxids: zxidsOf(txns), lastFile };
};

const range = (first: number, last: number): number[] => zxidsOf(txnsOf(first, last));

const flipped = (bytes: Buffer, position: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(position) ^ 1, position);
  return copy;
};

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(100_000)]);

describe('recovery', () => {
  it('reads the files one after the other, from the snapshot on', async () => {
    const files = { 'log.1': padded(logBytes(txnsOf(1, 4))), 'log.5': logBytes(txnsOf(5, 9)) };
    const lastFile = { path: '/v/log.5', keptBytes: logBytes(txnsOf(5, 9)).length };
    expect(await recover(files)).toEqual({ zxids: range(1, 9), lastFile });
    expect(await recover(files, 2)).toEqual({ zxids: range(3, 9), lastFile });
    expect(await recover(files, 4)).toEqual({ zxids: range(5, 9), lastFile });
    expect(await recover(files, 9)).toEqual({ zxids: [], lastFile });
    expect(await recover(files, 20)).toEqual({ zxids: [], lastFile });
    expect(await recover({}, 20)).toEqual({ zxids: [], lastFile: undefined });
  });

  it('does not look at files that the snapshot has made unnecessary', async () => {
    const files = { 'log.1': Buffer.from('garbage'), 'log.5': logBytes(txnsOf(5, 9)) };
    expect((await recover(files, 4)).zxids).toEqual(range(5, 9));
    expect((await recover(files, 6)).zxids).toEqual(range(7, 9));
  });

  it('goes on in a later epoch of an ensemble', async () => {
    const txns = [...txnsOf(EPOCH + 8, EPOCH + 9), ...txnsOf(3 * EPOCH + 1, 3 * EPOCH + 2)];
    const files = { 'log.100000008': logBytes(txns) };
    expect((await recover(files, EPOCH + 7)).zxids).toEqual(zxidsOf(txns));
  });

  it.each([
    { name: 'a file is missing', files: { 'log.1': logBytes(txnsOf(1, 4)), 'log.8': logBytes(txnsOf(8, 9)) } },
    {
      name: 'a file is missing before one without transactions',
      files: { 'log.1': logBytes(txnsOf(1, 4)), 'log.8': logBytes([]) },
    },
    { name: 'a transaction is missing', files: { 'log.1': logBytes([...txnsOf(1, 4), ...txnsOf(6, 9)]) } },
    { name: 'the first are missing', files: { 'log.3': logBytes(txnsOf(3, 4)) } },
    { name: 'a transaction comes twice', files: { 'log.1': logBytes([...txnsOf(1, 4), ...txnsOf(4, 9)]) } },
    { name: 'an epoch begins in its middle', files: { 'log.1': logBytes([...txnsOf(1, 4), txnOf(EPOCH + 2)]) } },
  ])('refuses a log where $name', async ({ files }) => {
    await expect(recover(files)).rejects.toMatchObject({ name: 'DamagedDataDirError', message: /follows/ });
  });

  it('names file and position of a gap', async () => {
    const txns = [...txnsOf(1, 4), ...txnsOf(6, 9)];
    await expect(recover({ 'log.1': logBytes(txns) })).rejects.toMatchObject({
      file: '/v/log.1',
      position: positionOf(txns, 4),
      message: `/v/log.1 at byte ${positionOf(txns, 4)}: transaction 0x6 follows 0x4`,
    });
  });

  it('refuses a transaction that is whole, and of a kind that is not known', async () => {
    const bytes = logBytes(txnsOf(1, 3));
    const position = positionOf(txnsOf(1, 3), 2);
    const record = bytes.subarray(position + 12, -1);
    record.writeInt32BE(77, 28);
    bytes.writeUInt32BE(adler32(record), position + 4);
    const refusal = { position, message: /type 77/ };
    await expect(recover({ 'log.1': bytes })).rejects.toMatchObject(refusal);
    // No crash leaves it so: it is neither a tear, nor what the next file begins with.
    await expect(recover({ 'log.1': bytes }, 0, { logZxid: 1, position: 0 })).rejects.toMatchObject(refusal);
    const next = { 'log.3': logBytes(txnsOf(3, 4)) };
    await expect(recover({ 'log.1': bytes, ...next })).rejects.toMatchObject(refusal);
  });
});

describe('the end of the last file', () => {
  const txns = txnsOf(1, 9);
  const whole = logBytes(txns);
  const last = positionOf(txns, 8);
  const withoutLast = { zxids: range(1, 8), lastFile: { path: '/v/log.1', keptBytes: last } };

  it('is cut to the last whole transaction, wherever the last one was cut', async () => {
    for (let size = last; size < whole.length; size++) {
      expect(await recover({ 'log.1': whole.subarray(0, size) })).toEqual(withoutLast);
      expect(await recover({ 'log.1': padded(whole.subarray(0, size)) })).toEqual(withoutLast);
    }
  });

  it('is cut where any byte of the last transaction is wrong', async () => {
    for (let position = last; position < whole.length; position++) {
      expect(await recover({ 'log.1': padded(flipped(whole, position)) })).toEqual(withoutLast);
    }
  });

  it('is not there where the file has no transaction: it goes', async () => {
    const lastFile = { path: '/v/log.5', keptBytes: 0 };
    for (const size of [0, 3, 16, 17, 50]) {
      const files = { 'log.1': logBytes(txnsOf(1, 4)), 'log.5': padded(logBytes([txnOf(5)]).subarray(0, size)) };
      expect(await recover(files)).toEqual({ zxids: range(1, 4), lastFile });
    }
    expect(await recover({ 'log.1': logBytes(txnsOf(1, 4)), 'log.5': Buffer.alloc(0) })).toEqual({
      zxids: range(1, 4),
      lastFile,
    });
  });

  it('is damage where a whole transaction follows, however far away', async () => {
    for (let index = 0; index < 8; index++) {
      const position = positionOf(txns, index);
      for (const bytes of [flipped(whole, position + 20), withHole(whole, position, positionOf(txns, index + 1))]) {
        await expect(recover({ 'log.1': padded(bytes) })).rejects.toMatchObject({
          name: 'DamagedDataDirError',
          file: '/v/log.1',
          position,
          message: /a transaction follows at byte/,
        });
      }
    }
    const far = Buffer.concat([whole.subarray(0, last), Buffer.alloc(3_000_001), whole.subarray(last)]);
    await expect(recover({ 'log.1': far })).rejects.toMatchObject({ position: last });
  });

  it('is damage where the header of the file is', async () => {
    await expect(recover({ 'log.1': flipped(whole, 0) })).rejects.toMatchObject({ position: 0, message: /ZKLG/ });
    await expect(recover({ 'log.1': flipped(whole, 7) })).rejects.toMatchObject({ position: 0, message: /version/ });
  });

  it('is a tear behind the recovery point, whatever follows', async () => {
    const position = positionOf(txns, 5);
    const torn = padded(withHole(whole, position, positionOf(txns, 7)));
    const found = await recover({ 'log.1': torn }, 0, { logZxid: 1, position });
    expect(found).toEqual({ zxids: range(1, 5), lastFile: { path: '/v/log.1', keptBytes: position } });
  });

  it('is damage before the recovery point, also where nothing follows', async () => {
    const point = { logZxid: 1, position: whole.length };
    for (const bytes of [flipped(whole, last + 20), whole.subarray(0, last), padded(whole.subarray(0, last))]) {
      await expect(recover({ 'log.1': bytes }, 0, point)).rejects.toMatchObject({
        position: last,
        message: new RegExp(`flushed up to ${whole.length}`),
      });
    }
    expect(await recover({ 'log.1': whole }, 0, point)).toEqual({
      zxids: range(1, 9),
      lastFile: { path: '/v/log.1', keptBytes: whole.length },
    });
  });

  it('is not judged by the recovery point of an earlier file', async () => {
    const point = { logZxid: 1, position: 1_000_000 };
    const later = logBytes(txnsOf(5, 9));
    const files = (bytes: Buffer) => ({ 'log.1': logBytes(txnsOf(1, 4)), 'log.5': bytes });
    expect((await recover(files(flipped(later, later.length - 20)), 0, point)).zxids).toEqual(range(1, 8));
    await expect(recover(files(flipped(later, 30)), 0, point)).rejects.toMatchObject({ position: 16 });
  });

  it('is damage where the file is missing that was flushed last', async () => {
    const refusal = { name: 'DamagedDataDirError', file: '/v/log.a', message: /log\.a: it is missing.* 4096$/ };
    const point = { logZxid: 10, position: 4096 };
    await expect(recover({ 'log.1': whole }, 0, point)).rejects.toMatchObject(refusal);
    await expect(recover({ 'log.1': whole }, 9, point)).rejects.toMatchObject(refusal);
    await expect(recover({}, 0, point)).rejects.toMatchObject(refusal);
  });

  it('may be that of the file before, where nothing of the next one was flushed yet', async () => {
    expect((await recover({ 'log.1': whole }, 0, { logZxid: 10, position: 0 })).zxids).toEqual(range(1, 9));
  });
});

describe('the end of a file that is not the last', () => {
  const torn = (txns: readonly LoggedTxn[]): Buffer => padded(logBytes(txns).subarray(0, -30));

  it('may be torn where the next file goes on there: ZooKeeper cuts nothing off', async () => {
    const files = { 'log.1': torn(txnsOf(1, 5)), 'log.5': logBytes(txnsOf(5, 9)) };
    expect((await recover(files)).zxids).toEqual(range(1, 9));
    expect(await recover({ ...files, 'log.5': logBytes([]) })).toEqual({
      zxids: range(1, 4),
      lastFile: { path: '/v/log.5', keptBytes: 0 },
    });
  });

  it('is damage where the next file does not', async () => {
    for (const next of [6, 7, EPOCH + 1]) {
      const files = { 'log.1': torn(txnsOf(1, 5)), [`log.${next.toString(16)}`]: logBytes([txnOf(next)]) };
      await expect(recover(files)).rejects.toMatchObject({
        file: '/v/log.1',
        position: positionOf(txnsOf(1, 5), 4),
        message: /follows/,
      });
    }
  });
});

function withHole(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.alloc(to - from), bytes.subarray(to)]);
}
