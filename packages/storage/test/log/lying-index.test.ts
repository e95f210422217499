import { offset } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { EPOCH, marker, produced, rangesOf, T0, transactional } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';

const CONFIG = { segmentBytes: 1500, indexIntervalBytes: 150 };
const END = 42;

/** Three segments of transactions with timestamps that go up and down, closed, without what indexes say. */
const closedLog = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: CONFIG });
  for (let i = 0; context.log.endOffset < END; i++) {
    const timestamp = T0 + ((i * 7) % 10) + i;
    await context.append(produced({ timestamp, valueBytes: 20 }));
    await context.append(transactional(8, i, { timestamp, count: 1 }));
    await context.log.appendAsLeader(marker('abort', 8, timestamp), EPOCH, 'coordinator').acknowledged;
  }
  context.log.updateHighWatermark(context.log.endOffset);
  await context.openManager.close();
  return context;
};

/** All that readers can be told. */
const answers = async (context: LogContext): Promise<string> => {
  const { log } = context;
  const told: unknown[] = [log.startOffset, log.endOffset];
  for (let at = 0; at <= END; at++) {
    const read = await log.read(offset(at), { maxBytes: 250, isolation: 'lastStable' });
    const last = rangesOf(read.bytes).at(-1)?.[1] ?? -1;
    const aborted = await log.abortedTransactions(offset(at), read);
    told.push(
      read.position,
      read.bytes.toString('hex'),
      aborted.filter(({ firstOffset }) => firstOffset <= last),
    );
  }
  for (let ms = 0; ms < 30; ms++) told.push(await log.offsetForTimestamp(T0 + ms));
  told.push(await log.offsetForTimestamp(-3));
  return JSON.stringify(told);
};

/** The file of an index, made into something else. */
const lie: fc.Arbitrary<(honest: Buffer) => Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((bytes) => () => Buffer.from(bytes)),
  fc.nat(100).map((size) => () => Buffer.alloc(size)),
  fc.nat(100).map((size) => (honest: Buffer) => Buffer.concat([honest, Buffer.alloc(size)])),
  fc.nat(100).map((size) => (honest: Buffer) => honest.subarray(0, size)),
  fc.nat(100).map((size) => (honest: Buffer) => honest.subarray(Math.min(size, honest.length))),
  fc.tuple(fc.nat(1000), fc.nat(7)).map(([at, bit]) => (honest: Buffer) => {
    const bytes = Buffer.from(honest);
    if (bytes.length > 0) bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ (1 << bit), at % bytes.length);
    return bytes;
  }),
);

/** Entries of 8 bytes with offsets and positions that look right, in any order, often within a batch. */
const plausible: fc.Arbitrary<(honest: Buffer) => Buffer> = fc
  .array(fc.tuple(fc.integer({ min: -1, max: 20 }), fc.integer({ min: -5, max: 1600 })), { maxLength: 12 })
  .map((entries) => () => Buffer.concat(entries.map((entry) => Buffer.from(Int32Array.from(entry).buffer).swap32())));

describe('an index that lies', () => {
  it('changes no answer', async () => {
    const context = await closedLog();
    await context.open();
    const truth = await answers(context);
    await context.openManager.close();
    const indexes = context.files.filter((name) => /index$/.test(name) && !name.endsWith('txnindex'));
    const honest = new Map(await Promise.all(indexes.map(async (name) => [name, await context.file(name)] as const)));
    const lies = fc.tuple(
      ...indexes.map((name) => fc.option(name.endsWith('.index') ? fc.oneof(lie, plausible) : lie)),
    );
    await fc.assert(
      fc.asyncProperty(lies, async (chosen) => {
        indexes.forEach((name, i) => {
          const bytes = honest.get(name) ?? Buffer.alloc(0);
          context.disk.plantFile(`${LOG_DIR}/${name}`, chosen[i]?.(bytes) ?? bytes);
        });
        const manager = await context.open();
        expect(await answers(context).finally(() => manager.close())).toBe(truth);
      }),
      { numRuns: 80 },
    );
  });

  it('that is missing changes no answer either', async () => {
    const context = await closedLog();
    await context.open();
    const truth = await answers(context);
    await context.openManager.close();
    for (const name of context.files.filter((each) => /\.(time)?index$/.test(each))) {
      await context.process.removeFile(`${LOG_DIR}/${name}`);
    }
    await context.open();
    expect(await answers(context)).toBe(truth);
  });

  it('about time is found out by every query, those that come at the same time too', async () => {
    const context = await closedLog();
    const ask = async (log: Log) =>
      (await Promise.all([0, 5, 10, 25, 0, 5].map((ms) => log.offsetForTimestamp(T0 + ms)))).map(
        (match) => match?.offset,
      );
    await context.open();
    const truth = await ask(context.log);
    await context.openManager.close();
    for (const name of context.files.filter((each) => each.endsWith('.timeindex'))) {
      context.disk.plantFile(`${LOG_DIR}/${name}`, Buffer.alloc(120));
    }
    await context.open();
    expect(await ask(context.log)).toEqual(truth);
  });
});
