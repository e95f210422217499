import { offset } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { truncateFullyAndStartAt, truncateTo } from '../../src/log/truncation.ts';
import { CleanedOffsets } from '../../src/manager/cleaned-offsets.ts';
import { replicated } from '../log/batches.ts';
import { DIR, LogContext, TOPIC_PARTITION } from '../log/log-context.ts';

const FILE = `${DIR}/cleaner-offset-checkpoint`;

/** A log that ends at 10, in a directory whose logs were compacted: its own up to 8. */
const compacted = async (): Promise<LogContext> => {
  const context = await LogContext.create();
  for (let at = 0; at < 10; at++) await context.replicate(replicated(at));
  await context.openManager.create({ topic: 'u', partition: 3 });
  await context.openManager.close();
  context.disk.plantFile(FILE, Buffer.from('0\n3\nt 0 8\ngone 0 5\nu 3 2\n'));
  context.process = context.disk.newProcess();
  await context.open();
  return context;
};

const saved = (context: LogContext): string | undefined => context.disk.readDurable(FILE)?.toString();

describe('CleanedOffsets', () => {
  it('writes nothing where nothing is to be changed', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory(DIR);
    const cleaned = new CleanedOffsets(disk.newProcess(), DIR);
    await cleaned.load();
    await cleaned.keepOnly(() => false);
    await cleaned.lower('t-0', offset(0));
    expect(cleaned.of('t-0')).toBe(0);
    expect(disk.listing()).toEqual([]);
  });

  it('forget a log that is not there when the directory is opened', async () => {
    expect(saved(await compacted())).toBe('0\n2\nt 0 8\nu 3 2\n');
  });

  it('forget a log that is deleted: a new one of its name was never compacted', async () => {
    const context = await compacted();
    await context.openManager.delete(TOPIC_PARTITION);
    expect(saved(context)).toBe('0\n1\nu 3 2\n');
  });

  it('go down with a truncation, before anything is cut', async () => {
    const context = await compacted();
    const goOn = context.disk.faults.stall('truncate', /\.log$/);
    const cut = truncateTo(context.log, offset(6));
    await context.disk.settled();
    expect(saved(context)).toBe('0\n2\nt 0 6\nu 3 2\n');
    goOn();
    await cut;
    await truncateTo(context.log, offset(9));
    expect(saved(context)).toBe('0\n2\nt 0 6\nu 3 2\n');
    await truncateFullyAndStartAt(context.log, offset(100));
    expect(saved(context)).toBe('0\n2\nt 0 0\nu 3 2\n');
  });
});
