import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { CorruptLogError } from '../../src/storage-errors.ts';
import { replicated, sequenced } from './batches.ts';
import { DIR, LOG_DIR, LogContext } from './log-context.ts';

const CONFIG = { segmentBytes: 250, indexIntervalBytes: 100 };

/** Three segments of three batches, closed. */
const closed = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: CONFIG });
  for (let at = 0; at < 9; at++) await context.replicate(replicated(at));
  await context.openManager.close();
  return context;
};

const plant = async (context: LogContext, name: string, change: (bytes: Buffer) => Buffer): Promise<void> =>
  context.disk.plantFile(`${LOG_DIR}/${name}`, change(await context.file(name)));

const LAST = '00000000000000000006.log';

describe('openLog, after a clean stop', () => {
  it('reads no more of a log than its end', async () => {
    const context = await closed();
    const before = context.disk.counters.bytesRead;
    await context.open();
    expect(context.log.endOffset).toBe(9);
    expect(context.disk.counters.bytesRead - before).toBeLessThan(1500);
  });

  it('refuses a log whose flushed end is torn', async () => {
    const context = await closed();
    await plant(context, LAST, (bytes) => bytes.subarray(0, bytes.length - 1));
    await context.open();
    expect(context.unusable).toMatchObject({ file: `${LOG_DIR}/${LAST}`, position: 158 });
  });

  it('refuses a log that ends below what had been flushed', async () => {
    const context = await closed();
    await plant(context, LAST, (bytes) => bytes.subarray(0, 158));
    await context.open();
    expect(context.unusable?.message).toMatch(/ends at offset 8, but all below 9 had been flushed/);
  });

  it.each([
    ['before its segment', 5],
    ['farther than the index reaches', 6 + 2 ** 31],
    ['beyond 2^53', 2 ** 60],
  ])('refuses a log whose last batch says that it is %s', async (_, base) => {
    const context = await closed();
    await plant(context, LAST, (bytes) => {
      bytes.writeBigInt64BE(BigInt(base), 158);
      return bytes;
    });
    context.disk.plantFile(`${DIR}/recovery-point-offset-checkpoint`, Buffer.from('0\n0\n'));
    await context.open();
    expect(context.unusable).toBeInstanceOf(CorruptLogError);
  });

  it('refuses, without a change, a log that it must read for its producers and finds damaged', async () => {
    const context = await LogContext.create({ config: CONFIG });
    await context.append(sequenced(0));
    await context.append(sequenced(1));
    await context.openManager.close();
    await context.process.removeFile(`${LOG_DIR}/00000000000000000002.snapshot`);
    context.disk.corrupt(`${LOG_DIR}/00000000000000000000.log`, 79 + 45, 3);
    await context.open();
    expect(context.unusable).toMatchObject({ file: `${LOG_DIR}/00000000000000000000.log`, position: 79 });
  });

  it('makes the indexes of a segment anew that has none', async () => {
    const context = await closed();
    await context.process.removeFile(`${LOG_DIR}/00000000000000000003.index`);
    await context.process.removeFile(`${LOG_DIR}/00000000000000000003.timeindex`);
    await context.open();
    expect((await context.file('00000000000000000003.index')).toString('hex')).toBe('000000020000009e');
    expect(await context.file('00000000000000000003.timeindex')).toHaveLength(12);
  });

  it('begins an empty log where its directory is empty', async () => {
    const context = new LogContext();
    context.disk.plantDirectory(LOG_DIR);
    await context.open();
    expect([context.log.startOffset, context.log.endOffset]).toEqual([0, 0]);
    expect(context.logFiles).toEqual(['00000000000000000000.log']);
  });

  it('begins anew at the log start where that is beyond all that is there', async () => {
    const context = await closed();
    context.disk.plantFile(`${DIR}/log-start-offset-checkpoint`, Buffer.from('0\n1\nt 0 20\n'));
    await context.open();
    expect([context.log.startOffset, context.log.endOffset]).toEqual([20, 20]);
    expect(context.logFiles).toEqual(['00000000000000000020.log']);
    await context.replicate(replicated(20));
    await context.reopen('crashed');
    expect(await context.ranges()).toEqual([[20, 20]]);
  });
});

describe('openLog, after an unclean stop', () => {
  it('refuses a segment below the scan that cannot be indexed, before it cuts anything', async () => {
    const context = await closed();
    await context.process.removeFile(`${DIR}/.kafka_cleanshutdown`);
    await context.process.removeFile(`${LOG_DIR}/00000000000000000000.index`);
    await plant(context, '00000000000000000000.log', (bytes) => bytes.subarray(0, 100));
    await plant(context, LAST, (bytes) => bytes.subarray(0, 100));
    context.disk.plantFile(`${DIR}/recovery-point-offset-checkpoint`, Buffer.from('0\n1\nt 0 7\n'));
    await context.open();
    expect(context.unusable).toMatchObject({ file: `${LOG_DIR}/00000000000000000000.log`, position: 79 });
    expect(await context.file(LAST)).toHaveLength(100);
  });

  it('tells what it cut', async () => {
    const context = await closed();
    await context.process.removeFile(`${DIR}/.kafka_cleanshutdown`);
    context.disk.plantFile(`${DIR}/recovery-point-offset-checkpoint`, Buffer.from('0\n1\nt 0 3\n'));
    context.disk.corrupt(`${LOG_DIR}/00000000000000000003.log`, 79 + 70, 0);
    const manager = await context.open();
    expect(manager.dirs[0]?.cuts).toMatchObject([
      { file: `${LOG_DIR}/00000000000000000003.log`, position: 79, endOffset: offset(4), lostBytes: 5 * 79 },
    ]);
    expect(await context.ranges()).toEqual([0, 1, 2, 3].map((at) => [at, at]));
  });
});
