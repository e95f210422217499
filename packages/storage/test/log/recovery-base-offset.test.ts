import { baseOffsetOf, batchesIn } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { CorruptLogError } from '../../src/storage-errors.ts';
import { replicated } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';

const FILE = `${LOG_DIR}/00000000000000000000.log`;

/** Nine batches, of which all below 6 lie below the recovery point; killed, and with another base offset at 7 or elsewhere. */
const killedWithBaseOffset = async (of: number, claimed: number): Promise<LogContext> => {
  const context = await LogContext.create();
  for (let at = 0; at < 6; at++) await context.replicate(replicated(at));
  await context.openManager.checkpoint();
  for (let at = 6; at < 9; at++) await context.replicate(replicated(at));
  context.process.kill();
  context.process = context.disk.newProcess();
  const bytes = await context.file('00000000000000000000.log');
  for (const at of batchesIn(bytes)) if (baseOffsetOf(bytes, at) === of) bytes.writeBigInt64BE(BigInt(claimed), at);
  context.disk.plantFile(FILE, bytes);
  await context.open();
  return context;
};

/** A base offset lies outside the checksum of its batch. */
describe('recovery, of a base offset that is wrong', () => {
  it.each([0, 3])('cuts there beyond the recovery point, where a torn sector ended with it (%i)', async (claimed) => {
    const context = await killedWithBaseOffset(7, claimed);
    expect(context.log.endOffset).toBe(7);
  });

  it('refuses the log where it hides that flushed batches follow', async () => {
    const context = await killedWithBaseOffset(3, 100);
    expect(context.unusable).toBeInstanceOf(CorruptLogError);
  });
});
