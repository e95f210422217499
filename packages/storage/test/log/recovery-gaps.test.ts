import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { offset } from '@barnabas/model';
import { baseOffsetOf } from '@barnabas/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogManager } from '../../src/index.ts';
import { copyOf, openLogs } from '../golden/golden.ts';
import { produced, split } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';

const COMPACTED = { topic: 'compact', partition: 0 };
const OPENED_AT_MS = 1_795_255_699_000;
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true });
});

/**
 * A compacted log that Kafka wrote, with segments at 0, 24, 48 and 72, after a SIGKILL; without the second one, as if
 * compaction had emptied it. Recovery reads it from the start.
 */
const openWithGap = async (cleanedBelow: number | undefined): Promise<LogManager> => {
  const copy = copyOf('unclean/base');
  copies.push(copy);
  for (const name of readdirSync(join(copy, 'compact-0'))) {
    if (name.startsWith('00000000000000000024')) rmSync(join(copy, 'compact-0', name));
  }
  writeFileSync(join(copy, 'recovery-point-offset-checkpoint'), '0\n0\n');
  if (cleanedBelow !== undefined) {
    writeFileSync(join(copy, 'cleaner-offset-checkpoint'), `0\n1\ncompact 0 ${cleanedBelow}\n`);
  }
  return openLogs([copy], OPENED_AT_MS, { cleanupPolicy: ['compact'] });
};

describe('recovery', () => {
  it.each([48, 72])('takes a gap that lies below what was compacted, up to %i', async (cleanedBelow) => {
    const manager = await openWithGap(cleanedBelow);
    const log = manager.get(COMPACTED);
    expect([log?.startOffset, log?.endOffset]).toEqual([0, 76]);
    expect(log?.parts.segments.all.map(({ baseOffset }) => baseOffset)).toEqual([0, 48, 72]);
    const read = await log?.read(offset(24), { maxBytes: 1, isolation: 'logEnd' });
    expect(baseOffsetOf(read?.bytes ?? Buffer.alloc(0))).toBe(48);
    expect(manager.dirs[0]?.cuts).toEqual([]);
    await manager.close();
  });

  it.each([undefined, 24, 47])('cuts the log at a gap that compaction has not made, with %s', async (cleanedBelow) => {
    const manager = await openWithGap(cleanedBelow);
    expect(manager.get(COMPACTED)?.endOffset).toBe(24);
    expect(manager.dirs[0]?.cuts).toMatchObject([{ endOffset: 24, reason: 'the segment before it ends at offset 24' }]);
    await manager.close();
  });

  it('leaves no hole in a topic that is to be compacted, wherever the power fails', async () => {
    let lost = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const context = await LogContext.create({
        seed,
        flushMode: 'os',
        config: { segmentBytes: 9000, cleanupPolicy: ['compact'] },
      });
      await context.append(produced({ valueBytes: 3000 }));
      await context.log.flush();
      await context.openManager.checkpoint();
      const goOn = context.disk.faults.stall('sync', /0000\.log$/);
      for (let i = 0; i < 5; i++) await context.append(produced({ valueBytes: 3000 + seed }));
      await context.process.syncDirectory(LOG_DIR);
      context.disk.crash();
      goOn();
      context.process = context.disk.newProcess();
      await context.open();
      const read = await context.log.read(offset(0), { maxBytes: 50_000, isolation: 'logEnd' });
      expect(split(read.bytes).length).toBeGreaterThan(0);
      const { endOffset } = context.log;
      expect(await context.ranges()).toEqual(Array.from({ length: endOffset }, (_, at) => [at, at]));
      if (endOffset < 6) lost++;
    }
    // Or else the power never failed at the wrong moment.
    expect(lost).toBeGreaterThan(100);
  });
});
