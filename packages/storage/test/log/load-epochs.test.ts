import { leaderEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { replicated } from './batches.ts';
import { DIR, LOG_DIR, LogContext } from './log-context.ts';

const FILE = 'leader-epoch-checkpoint';
const EPOCHS = [
  { epoch: 0, startOffset: 0 },
  { epoch: 2, startOffset: 3 },
  { epoch: 5, startOffset: 7 },
];

/** Ten batches of three epochs in several segments, closed. */
const closed = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: { segmentBytes: 200 } });
  const epochAt = (at: number): number => EPOCHS.findLast(({ startOffset }) => startOffset <= at)?.epoch ?? 0;
  for (let at = 0; at < 10; at++) await context.replicate(replicated(at, { leaderEpoch: leaderEpoch(epochAt(at)) }));
  await context.openManager.close();
  context.process = context.disk.newProcess();
  return context;
};

const MALFORMED = [
  ['torn', '0\n3\n0 0\n2 '],
  ['short', '0\n1\n'],
  ['of another version', '9\n0\n'],
  ['zeroed', '\0'.repeat(20)],
] as const;

describe('a leader-epoch-checkpoint', () => {
  it.each(MALFORMED)('that is %s is made anew from the batches, after a clean stop', async (_, content) => {
    const context = await closed();
    const sound = (await context.file(FILE)).toString();
    context.disk.plantFile(`${LOG_DIR}/${FILE}`, Buffer.from(content));
    await context.open();
    expect(context.unusable).toBeUndefined();
    expect(context.log.parts.epochs.entries).toEqual(EPOCHS);
    expect(context.disk.readDurable(`${LOG_DIR}/${FILE}`)?.toString()).toBe(sound);
    expect(context.log.endOffsetForEpoch(leaderEpoch(2))).toEqual({ epoch: 2, endOffset: 7 });
  });

  it.each(MALFORMED)('that is %s is made anew where the log is recovered from its last segment', async (_, content) => {
    const context = await closed();
    await context.process.removeFile(`${DIR}/.kafka_cleanshutdown`);
    context.disk.plantFile(`${LOG_DIR}/${FILE}`, Buffer.from(content));
    await context.open();
    expect(context.log.parts.epochs.entries).toEqual(EPOCHS);
    await context.reopen('crashed');
    expect(context.log.parts.epochs.entries).toEqual(EPOCHS);
  });
});
