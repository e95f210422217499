import { offset } from '@barnabas/model';
import type { OperationName } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { LogClosedError } from '../../src/storage-errors.ts';
import { produced } from '../log/batches.ts';
import { DIR, LOG_DIR, LogContext, TOPIC_PARTITION } from '../log/log-context.ts';
import { turns } from '../log/turns.ts';

const OPTIONS = { maxBytes: 10_000, isolation: 'logEnd' as const };

const appendFive = async (context: LogContext, key: string): Promise<void> => {
  for (let i = 0; i < 5; i++) await context.append(produced({ key: Buffer.from(key) }));
};

const withOldData = async (seed = 1): Promise<{ context: LogContext; old: Log }> => {
  const context = await LogContext.create({ seed });
  await appendFive(context, 'OLD');
  return { context, old: context.log };
};

const expectNewData = async (context: LogContext): Promise<void> => {
  await context.openManager.create(TOPIC_PARTITION);
  await appendFive(context, 'NEW');
  const { bytes } = await context.log.read(offset(0), OPTIONS);
  expect(bytes.toString('latin1').match(/OLD|NEW/g)).toEqual(Array(5).fill('NEW'));
};

const expectOnline = (context: LogContext): void => expect(context.openManager.failures).toEqual([]);

/** Under a directory, by the name there. */
const durableFiles = (context: LogContext, dir: string): Record<string, string | undefined> =>
  Object.fromEntries(
    context.disk
      .durableListing()
      .filter((path) => path.startsWith(`${dir}/`))
      .map((path) => [path.slice(dir.length), context.disk.readDurable(path)?.toString('hex')]),
  );

describe('setAside', () => {
  it('keeps the files of a damaged log from a new one of its name, which keeps what it acknowledged', async () => {
    const context = await LogContext.create();
    await appendFive(context, 'OLD');
    await context.openManager.checkpoint();
    const bytes = await context.file('00000000000000000000.log');
    context.process.kill();
    // A batch that had been flushed is missing.
    context.disk.plantFile(`${LOG_DIR}/00000000000000000000.log`, bytes.subarray(0, (bytes.length * 4) / 5));
    context.process = context.disk.newProcess();
    await context.open();
    expect(context.unusable?.message).toMatch(/ends at offset 4, but all below 5 had been flushed/);
    const before = durableFiles(context, LOG_DIR);
    await context.openManager.setAside(TOPIC_PARTITION);
    await expectNewData(context);
    const stray = context.disk.listing().find((path) => path.includes('-stray/'));
    expect(durableFiles(context, stray?.slice(0, stray.lastIndexOf('/')) ?? '')).toEqual(before);
    await context.reopen('crashed');
    expect(context.log.endOffset).toBe(5);
  });
});

/** What the removal of a log waits for, one after the other. */
const STEPS: readonly (readonly [OperationName, RegExp])[] = [
  ['truncate', /t-0\/.*\.index$/],
  ['sync', /t-0\/.*\.index$/],
  ['sync', /t-0\/.*\.timeindex$/],
  ['write', /t-0\/.*\.snapshot/],
  ['rename', /t-0\/.*\.snapshot/],
  ['syncDirectory', /t-0$/],
  ['close', /t-0\/.*\.log$/],
  ['rename', /t-0$/],
  ['syncDirectory', /^\/data$/],
  ['write', /checkpoint/],
  ['rename', /checkpoint/],
];

describe('delete', () => {
  it.each(STEPS)('refuses those who read while it waits for %s of %s, and afterwards', async (operation, path) => {
    const { context, old } = await withOldData();
    await context.openManager.create({ topic: 'other', partition: 0 });
    const goOn = context.disk.faults.stall(operation, path);
    let isDone = false;
    const deleted = context.openManager.delete(TOPIC_PARTITION).then(() => {
      isDone = true;
    });
    await context.disk.settled();
    expect(isDone).toBe(false);
    await expect(old.read(offset(0), OPTIONS)).rejects.toThrow(LogClosedError);
    goOn();
    await deleted;
    await expect(old.read(offset(0), OPTIONS)).rejects.toThrow(LogClosedError);
    await expectNewData(context);
    await expect(old.read(offset(0), OPTIONS)).rejects.toThrow(LogClosedError);
    expectOnline(context);
  });

  it('refuses a read that was under way, whatever it finds', async () => {
    const { context, old } = await withOldData();
    old.updateHighWatermark(old.endOffset);
    const goOn = context.disk.faults.stall('read', /\.log$/);
    const read = old.read(offset(0), OPTIONS).catch((error: unknown) => error);
    await context.disk.settled();
    await context.openManager.delete(TOPIC_PARTITION);
    goOn();
    expect(await read).toBeInstanceOf(LogClosedError);
    await expectNewData(context);
    expectOnline(context);
  });

  it('leaves the directory online, and nothing to a new log of the name, however it meets a consumer', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { context, old } = await withOldData(seed);
      let isOver = false;
      const errors: unknown[] = [];
      const consumer = async (): Promise<void> => {
        while (!isOver) {
          await old.read(offset(seed % 5), OPTIONS).catch((error: unknown) => errors.push(error));
          await turns(1);
        }
      };
      const consumers = [consumer(), consumer()];
      await turns(seed % 7);
      await context.openManager.delete(TOPIC_PARTITION);
      await expectNewData(context);
      isOver = true;
      await Promise.all(consumers);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toBeInstanceOf(LogClosedError);
      expectOnline(context);
    }
  });

  it('is done once, though two ask for it at a time', async () => {
    const { context } = await withOldData();
    const [partition, manager] = [TOPIC_PARTITION, context.openManager];
    await Promise.all([manager.delete(partition), manager.delete(partition)]);
    expectOnline(context);
    expect(context.disk.listing().filter((path) => path.startsWith(`${LOG_DIR}/`))).toEqual([]);
  });

  it('is waited for by a close, which is clean then', async () => {
    const { context } = await withOldData();
    await Promise.all([context.openManager.delete(TOPIC_PARTITION), context.openManager.close()]);
    expectOnline(context);
    expect(context.disk.durableListing()).toContain(`${DIR}/.kafka_cleanshutdown`);
  });

  it('is refused once the directory is being closed, which it does not disturb', async () => {
    const { context } = await withOldData();
    const manager = context.openManager;
    const closing = manager.close();
    await expect(manager.delete(TOPIC_PARTITION)).rejects.toThrow(LogClosedError);
    await closing;
    expectOnline(context);
    await context.open();
    expect(context.openManager.dirs[0]?.wasClean).toBe(true);
    expect(context.log.endOffset).toBe(5);
  });
});
