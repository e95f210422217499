import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { truncateTo } from '../../src/log/truncation.ts';
import { isLogDamage } from '../../src/storage-errors.ts';
import { EPOCH, marker, produced, transactional } from './batches.ts';
import { DIR, LOG_DIR, LogContext, TOPIC_PARTITION } from './log-context.ts';

const OTHER = { topic: 'other', partition: 1 };
const FIRST = `${LOG_DIR}/00000000000000000000`;
const MARKER = `${DIR}/.kafka_cleanshutdown`;

/** Segments of three batches each, with an aborted transaction in the first; and another log beside it. */
const filled = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: { segmentBytes: 300 } });
  await context.openManager.create(OTHER);
  await context.append(transactional(7, 0));
  await context.log.appendAsLeader(marker('abort', 7), EPOCH, 'coordinator').acknowledged;
  for (let i = 0; i < 10; i++) await context.append(produced());
  await context.openManager.close();
  context.process = context.disk.newProcess();
  await context.open();
  return context;
};

const DAMAGES: readonly (readonly [string, (context: LogContext) => void])[] = [
  ['a batch', (context) => context.disk.corrupt(`${FIRST}.log`, 70, 0)],
  ['the length of a batch', (context) => context.disk.corrupt(`${FIRST}.log`, 8, 5)],
  ['the transaction index', (context) => context.disk.plantFile(`${FIRST}.txnindex`, Buffer.alloc(33))],
];

/** With the damage, after a truncation that came upon it. */
const refused = async (damage: (context: LogContext) => void): Promise<LogContext> => {
  const context = await filled();
  for (const name of context.files.filter((each) => each.endsWith('.snapshot'))) {
    await context.process.removeFile(`${LOG_DIR}/${name}`);
  }
  damage(context);
  const error = await truncateTo(context.log, offset(2)).catch((each: unknown) => each);
  expect(isLogDamage(error)).toBe(true);
  return context;
};

describe.each(DAMAGES)('a truncation that finds %s damaged', (_, damage) => {
  it('refuses that log from now on, and no other', async () => {
    const context = await refused(damage);
    expect(isLogDamage(context.log.refusal)).toBe(true);
    const { refusal } = context.log;
    expect(() => context.log.appendAsLeader(produced(), EPOCH)).toThrow(refusal);
    await expect(context.log.read(offset(0), { maxBytes: 1, isolation: 'logEnd' })).rejects.toBe(refusal);
    await expect(truncateTo(context.log, offset(1))).rejects.toBe(refusal);
    expect(context.openManager.failures).toEqual([]);
    const other = context.openManager.get(OTHER);
    await other?.appendAsLeader(produced(), EPOCH).acknowledged;
    expect(other?.durableEndOffset).toBe(1);
  });

  it('lets the directory be closed without the marker that would hide the damage', async () => {
    const context = await refused(damage);
    await context.openManager.get(OTHER)?.appendAsLeader(produced(), EPOCH).acknowledged;
    await context.openManager.close();
    expect(context.disk.listing()).not.toContain(MARKER);
    context.process = context.disk.newProcess();
    const manager = await context.open();
    expect(manager.dirs[0]?.wasClean).toBe(false);
    expect(manager.get(OTHER)?.endOffset).toBe(1);
  });

  it.each(['setAside', 'delete'] as const)('lets the log be taken out of the way as it is: %s', async (how) => {
    const context = await refused(damage);
    const contents = async (dir: string) =>
      Promise.all(
        context.disk
          .listing()
          .filter((path) => path.startsWith(dir))
          .map(async (path) => [path.split('/').at(-1), (await context.process.readFile(path)).toString('hex')]),
      );
    const before = await contents(`${LOG_DIR}/`);
    await context.openManager[how](TOPIC_PARTITION);
    expect(await contents(`${LOG_DIR}.`)).toEqual(before);
    expect(context.openManager.failures).toEqual([]);
    expect((await context.openManager.create(TOPIC_PARTITION)).endOffset).toBe(0);
    await context.append(produced());
    await context.openManager.close();
    expect(context.disk.listing()).toContain(MARKER);
  });
});
