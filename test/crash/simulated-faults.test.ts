import { offset } from '@barnabas/model';
import { FileOperationError, LogDirFailedError, truncateTo } from '@barnabas/storage';
import { describe, expect, it } from 'vitest';
import { EVENTS, ORDERS, SimulatedLogs } from './simulated-logs.ts';

const TWO_DIRS = { dirs: ['/a', '/b'] };
const ORDERS_LOG = /\/orders-0\/\d+\.log$/;

/** What a rejected promise rejected with; an error if it did not. */
const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  const answer = await promise.then(
    () => new Error('it was fulfilled'),
    (error: unknown) => error,
  );
  return answer;
};

/** Appends three times without waiting, and answers what each of them came to. */
const appendThree = (logs: SimulatedLogs): Promise<unknown[]> =>
  Promise.all([0, 1, 2].map(() => rejection(logs.append(ORDERS).acknowledged)));

const expectFailure = (error: unknown, dir: string, code: string, file: RegExp): void => {
  expect(error).toBeInstanceOf(LogDirFailedError);
  if (!(error instanceof LogDirFailedError)) return;
  expect(error).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', dir, systemCode: code });
  expect(error.cause).toBeInstanceOf(FileOperationError);
  expect(error.cause).toMatchObject({ code, file: expect.stringMatching(file), position: expect.any(Number) });
};

describe.each<[what: string, code: string, file: RegExp, inject: (logs: SimulatedLogs) => () => void]>([
  ['EIO on a write', 'EIO', ORDERS_LOG, ({ disk }) => disk.faults.fail('write', ORDERS_LOG)],
  ['EIO on a flush', 'EIO', ORDERS_LOG, ({ disk }) => disk.faults.fail('sync', ORDERS_LOG)],
  [
    'EIO on one flush, with OK for the next',
    'EIO',
    ORDERS_LOG,
    ({ disk }) => disk.faults.fail('sync', ORDERS_LOG, 'EIO', 1),
  ],
  [
    'a disk that is full in the middle of a batch',
    'ENOSPC',
    ORDERS_LOG,
    ({ disk }) => {
      disk.faults.spaceBytes = 50;
      return () => {
        disk.faults.spaceBytes = Number.POSITIVE_INFINITY;
      };
    },
  ],
])('%s', (_, code, file, inject) => {
  it('rejects all that is pending and names the directory, the file, the position and the code', async () => {
    const logs = await SimulatedLogs.create(TWO_DIRS);
    await logs.appendMany(ORDERS, 5);
    inject(logs);
    const { path } = logs.dirOf(ORDERS);
    for (const error of await appendThree(logs)) expectFailure(error, path, code, file);
    expect(logs.failures).toHaveLength(1);
    expect(logs.manager.failures).toEqual(logs.failures);
  });

  it('acknowledges nothing afterwards and answers nothing, also when the disk is well again', async () => {
    const logs = await SimulatedLogs.create(TWO_DIRS);
    await logs.appendMany(ORDERS, 5);
    const lift = inject(logs);
    await appendThree(logs);
    lift();
    const log = logs.log(ORDERS);
    expect(() => logs.append(ORDERS)).toThrow(LogDirFailedError);
    expect(() => log.appendAsFollower(Buffer.alloc(0))).toThrow(LogDirFailedError);
    expect(await rejection(log.flush())).toBeInstanceOf(LogDirFailedError);
    expect(await rejection(log.read(offset(0), { maxBytes: 1, isolation: 'logEnd' }))).toBeInstanceOf(
      LogDirFailedError,
    );
    expect(await rejection(log.offsetForTimestamp(0))).toBeInstanceOf(LogDirFailedError);
    expect(await rejection(truncateTo(log, offset(1)))).toBeInstanceOf(LogDirFailedError);
    expect(await rejection(logs.manager.delete(ORDERS))).toBeInstanceOf(LogDirFailedError);
  });

  it('takes down every log of that directory, and none of another', async () => {
    const logs = await SimulatedLogs.create(TWO_DIRS);
    for (const partition of [1, 2]) await logs.manager.create({ topic: 'orders', partition });
    const inSameDir = { topic: 'orders', partition: logs.dirOf(ORDERS).logs.has('orders-1') ? 1 : 2 };
    await logs.appendMany(EVENTS, 3);
    inject(logs);
    const other = rejection(logs.append(inSameDir).acknowledged);
    await appendThree(logs);
    await other;
    expect(() => logs.append(inSameDir)).toThrow(LogDirFailedError);
    if (code === 'ENOSPC') logs.disk.faults.spaceBytes = Number.POSITIVE_INFINITY;
    await logs.appendMany(EVENTS, 3);
    expect(logs.log(EVENTS).endOffset).toBe(6);
  });

  it.each([
    'closed',
    'killed',
    'cut from power',
  ])('has all that was acknowledged when it is %s and opened', async (end) => {
    for (let seed = 1; seed <= 10; seed++) {
      const logs = await SimulatedLogs.create({ ...TWO_DIRS, seed });
      await logs.appendMany(ORDERS, 20);
      const lift = inject(logs);
      await appendThree(logs);
      lift();
      if (end === 'cut from power') logs.disk.crash();
      else await rejection(logs.manager.close());
      await logs.open();
      expect(logs.dirOf(ORDERS).wasClean).toBe(false);
      expect(logs.log(ORDERS).endOffset).toBeGreaterThanOrEqual(20);
      await logs.appendMany(ORDERS, 5);
      await logs.manager.close();
    }
  });
});

describe('EIO on a read', () => {
  it('takes the directory offline, with the file and the code', async () => {
    const logs = await SimulatedLogs.create(TWO_DIRS);
    await logs.appendMany(ORDERS, 5);
    const { path } = logs.dirOf(ORDERS);
    logs.disk.faults.fail('read', ORDERS_LOG);
    // What all replicas have is no longer kept in memory.
    logs.log(ORDERS).updateHighWatermark(logs.log(ORDERS).endOffset);
    const error = await rejection(logs.log(ORDERS).read(offset(2), { maxBytes: 100, isolation: 'logEnd' }));
    expectFailure(error, path, 'EIO', ORDERS_LOG);
    expect(() => logs.append(ORDERS)).toThrow(LogDirFailedError);
    await logs.appendMany(EVENTS, 1);
  });
});

describe('EIO on a checkpoint', () => {
  it.each([
    'write',
    'sync',
    'rename',
    'syncDirectory',
  ] as const)('at its %s takes the directory offline', async (operation) => {
    const logs = await SimulatedLogs.create(TWO_DIRS);
    await logs.appendMany(ORDERS, 5);
    const { path } = logs.dirOf(ORDERS);
    const file = operation === 'syncDirectory' ? new RegExp(`^${path}$`) : new RegExp(`^${path}/recovery-point`);
    logs.disk.faults.fail(operation, file);
    const error = await rejection(logs.manager.checkpoint());
    expect(error).toMatchObject({ dir: path, systemCode: 'EIO' });
    expect(() => logs.append(ORDERS)).toThrow(LogDirFailedError);
  });
});

describe('EIO while a log is truncated', () => {
  it.each([
    'truncate',
    'rename',
    'syncDirectory',
    'sync',
  ] as const)('at a %s fails the directory, and loses nothing below the target', async (operation) => {
    const logs = await SimulatedLogs.create();
    await logs.appendMany(ORDERS, 60);
    await logs.manager.checkpoint();
    logs.disk.faults.fail(operation, /orders-0/, 'EIO', 1);
    expect(await rejection(truncateTo(logs.log(ORDERS), offset(15)))).toBeInstanceOf(LogDirFailedError);
    await logs.crashAndOpen();
    expect(logs.manager.dirs[0]?.unusable.size).toBe(0);
    expect(logs.log(ORDERS).endOffset).toBeGreaterThanOrEqual(15);
  });
});
