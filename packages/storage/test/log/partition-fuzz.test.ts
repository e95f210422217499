import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaError, type LeaderEpoch, offset } from '@barnabas/model';
import { baseOffsetOf, checkBatch, nextOffsetOf } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { truncateTo } from '../../src/log/truncation.ts';
import { MalformedFileError } from '../../src/malformed-file-error.ts';
import { CorruptLogError, LogDirFailedError } from '../../src/storage-errors.ts';
import { GOLDEN } from '../golden/golden.ts';
import { produced, split } from './batches.ts';
import { DIR, LOG_DIR, LogContext } from './log-context.ts';
import { type Files, type Mutation, mutation } from './mutations.ts';

const PARTITIONS = ['plain-0', 'txn-0', 'zipped-0', 'compact-0', 'single-segment-0'];
const MAX_BUFFER_BYTES = 1024 * 1024 * 1024;

const golden: readonly Files[] = PARTITIONS.map((name) => {
  const dir = join(GOLDEN, 'unclean/base', name);
  return new Map(readdirSync(dir).map((file) => [file, readFileSync(join(dir, file))]));
});

/** How a damaged partition is found at the start. */
type Start = { readonly clean: boolean; readonly recoveryPoint: number | undefined };

const start: fc.Arbitrary<Start> = fc.record({
  clean: fc.boolean(),
  recoveryPoint: fc.option(fc.nat(90), { nil: undefined }),
});

const contextWith = (files: Files, { clean, recoveryPoint }: Start): LogContext => {
  const context = new LogContext({ config: { segmentBytes: 1213, indexIntervalBytes: 150, segmentIndexBytes: 1024 } });
  context.disk.plantDirectory(LOG_DIR);
  for (const [name, bytes] of files) context.disk.plantFile(`${LOG_DIR}/${name}`, bytes);
  if (clean) context.disk.plantFile(`${DIR}/.kafka_cleanshutdown`, Buffer.from('{}'));
  if (recoveryPoint !== undefined) {
    context.disk.plantFile(`${DIR}/recovery-point-offset-checkpoint`, Buffer.from(`0\n1\nt 0 ${recoveryPoint}\n`));
  }
  return context;
};

/** Fails on an error that is not one of ours. */
const expectTyped = (error: unknown): void => {
  if (!(error instanceof KafkaError)) throw error;
  if (error instanceof LogDirFailedError && !(error.cause instanceof KafkaError)) throw error;
};

/** Reads to the end; answers the batches and the error at which it gave up. */
const readThrough = async (log: Log): Promise<{ batches: Buffer[]; error?: unknown }> => {
  const batches: Buffer[] = [];
  for (let at = log.startOffset; at < log.endOffset; ) {
    try {
      const read = await log.read(at, { maxBytes: 400, isolation: 'logEnd' });
      await log.abortedTransactions(at, read);
      const found = split(read.bytes);
      if (found.length === 0) break;
      batches.push(...found);
      at = offset(Math.max(at + 1, nextOffsetOf(found.at(-1) ?? Buffer.alloc(0))));
    } catch (error) {
      expectTyped(error);
      return { batches, error };
    }
  }
  return { batches };
};

const expectSound = (batches: readonly Buffer[]): void => {
  let expected = 0;
  for (const bytes of batches) {
    checkBatch(bytes, 0);
    expect(baseOffsetOf(bytes)).toBeGreaterThanOrEqual(expected);
    expected = nextOffsetOf(bytes);
  }
};

/** Everything else that is done with a log; each ends well or with one of our errors. */
const useAndClose = async (context: LogContext, log: Log): Promise<void> => {
  for (const timestamp of [0, 1_700_000_000_000, -1, -2, -3])
    await log.offsetForTimestamp(timestamp).catch(expectTyped);
  try {
    await log.appendAsLeader(produced(), ((log.latestEpoch ?? 0) + 1) as LeaderEpoch).acknowledged;
    await truncateTo(log, offset(Math.floor((log.startOffset + log.endOffset) / 2)));
  } catch (error) {
    expectTyped(error);
  }
  await context.openManager.close().catch(expectTyped);
};

const logsOf = async (context: LogContext): Promise<Record<string, string>> => {
  const contents = context.logFiles.map(async (name) => [name, (await context.file(name)).toString('hex')] as const);
  return Object.fromEntries(await Promise.all(contents));
};

const tryOut = async (files: Files, mutations: readonly Mutation[], how: Start): Promise<'opened' | 'refused'> => {
  const damaged = mutations.reduce((sum, mutate) => mutate(sum), files);
  const context = contextWith(damaged, how);
  const before = await logsOf(context);
  const { bytesRead } = context.disk.counters;
  await context.open();
  expect(context.disk.counters.bytesRead - bytesRead).toBeLessThan(1_000_000);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(MAX_BUFFER_BYTES);
  const refusal = context.unusable;
  if (refusal !== undefined) {
    expect(refusal instanceof CorruptLogError || refusal instanceof MalformedFileError).toBe(true);
    // A `.swap` file takes the place of a log, as it should.
    if (![...damaged.keys()].some((name) => name.endsWith('.swap'))) expect(await logsOf(context)).toEqual(before);
    await context.openManager.close();
    return 'refused';
  }
  const { batches, error } = await readThrough(context.log);
  const isAllChecked = !how.clean && (how.recoveryPoint ?? 0) === 0;
  if (isAllChecked) {
    expect(error instanceof KafkaError && !(error instanceof MalformedFileError) ? error : undefined).toBeUndefined();
    expectSound(batches);
  }
  await useAndClose(context, context.log);
  return 'opened';
};

describe('the directory of a partition, damaged at random', () => {
  it.each(
    PARTITIONS.map((name, index) => [name, golden[index] ?? new Map<string, Buffer>()] as const),
  )('is opened and holds sound batches in order, or is refused with its logs untouched: %s', async (_, files) => {
    const outcomes = { opened: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), start, async (mutations, how) => {
        outcomes[await tryOut(files, mutations, how)]++;
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
    expect(outcomes.opened).toBeGreaterThan(10);
    expect(outcomes.refused).toBeGreaterThan(10);
  });
});
