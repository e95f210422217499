/**
 * Reads from the page cache, against pread of the same sizes: a consumer that reads a log from its start to its end, and
 * look-ups by offset and by time at random. The peer either takes a new buffer for each read, as the log has to, or reads
 * into the same one again and again.
 */
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Offset, offset } from '@barnabas/model';
import { baseOffsetOf, batchBytesOf, nextOffsetOf } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';
import { alternate, ratios } from '../support/rounds.ts';
import { percent, printTable, size, spread } from '../support/table.ts';
import { batchOf } from './batches.ts';
import { EPOCH, openLogs, TOPIC } from './open-logs.ts';
import { RawFile } from './raw-file.ts';
import type { Scale } from './scale.ts';

const SEGMENT_BYTES = 32 * 1024 * 1024;
const FIRST_TIMESTAMP = 1_700_000_000_000;
const IN_FLIGHT = [1, 4];

/** A log of batches that are a millisecond apart, all of one size. */
type ReadableLog = { readonly log: Log; readonly batchBytes: number; readonly batches: number };

type Rate = { readonly count: number; readonly bytes: number; readonly ms: number };

export const measureReads = async (dir: string, scale: Scale): Promise<void> => {
  const sequential: string[][] = [];
  const random: string[][] = [];
  for (const batchBytes of [1024, 64 * 1024]) {
    const into = join(dir, `read-${batchBytes}`);
    const manager = await openLogs(into, { config: { segmentBytes: SEGMENT_BYTES } });
    const readable = await fill(await manager.create({ topic: TOPIC, partition: 0 }), batchBytes, scale.readBytes);
    for (const readBytes of [64 * 1024, 1024 * 1024]) {
      for (const readers of IN_FLIGHT) sequential.push(await readThrough(readable, scale, readBytes, readers));
    }
    for (const readers of IN_FLIGHT) random.push(...(await lookUp(readable, scale, readers)));
    await manager.close();
    rmSync(into, { recursive: true });
  }
  const names = ['batch', 'read', 'readers', 'log MB/s', 'pread MB/s', 'log / pread', 'pread, one buffer, MB/s'];
  printTable('Sequential reads from the page cache', names, sequential);
  printTable('Look-ups at random', ['batch', 'by', 'in flight', 'log / s', 'pread / s', 'log / pread'], random);
};

const fill = async (log: Log, batchBytes: number, totalBytes: number): Promise<ReadableLog> => {
  const batches = Math.floor(totalBytes / batchBytes);
  for (let index = 0; index < batches; index++) {
    const { acknowledged } = log.appendAsLeader(batchOf(batchBytes, FIRST_TIMESTAMP + index), EPOCH);
    if (index % 1000 === 0) await acknowledged;
  }
  await log.flush();
  log.updateHighWatermark(log.endOffset);
  return { log, batchBytes, batches };
};

/** Each reader reads the whole log, beginning at a segment of its own. */
const readThrough = async (
  { log, batchBytes }: ReadableLog,
  { rounds }: Scale,
  readBytes: number,
  readers: number,
): Promise<string[]> => {
  const paths = log.parts.segments.all.map(({ logPath }) => logPath);
  const results = await alternate(
    {
      log: () => timed(readers, (reader) => consume(log, reader, readBytes)),
      fresh: () => timed(readers, (reader) => readFiles(paths, reader, readBytes, 'fresh')),
      reused: () => timed(readers, (reader) => readFiles(paths, reader, readBytes, 'reused')),
    },
    rounds,
  );
  const [mine, fresh, reused] = [results.log, results.fresh, results.reused].map((of) =>
    of.map(({ bytes, ms }) => bytes / ms / 1000),
  ) as [number[], number[], number[]];
  const names = [size(batchBytes), size(readBytes), String(readers)];
  return [...names, spread(mine), spread(fresh), spread(ratios(mine, fresh), percent), spread(reused)];
};

/** Runs as many tasks at a time, each answering how many bytes it read. */
const timed = async (parallel: number, task: (index: number) => Promise<number>): Promise<Rate> => {
  const startMs = performance.now();
  const bytes = await Promise.all(Array.from({ length: parallel }, (_, index) => task(index)));
  return { count: parallel, bytes: bytes.reduce((sum, read) => sum + read, 0), ms: performance.now() - startMs };
};

/** As a consumer does: each read begins after the last whole batch of the one before. Counts whole batches only. */
const consume = async (log: Log, reader: number, readBytes: number): Promise<number> => {
  const { all } = log.parts.segments;
  const first = all[reader % all.length]?.baseOffset ?? log.startOffset;
  const [before, after] = [await consumeRange(log, first, log.endOffset, readBytes), first];
  return before + (await consumeRange(log, log.startOffset, after, readBytes));
};

const consumeRange = async (log: Log, from: Offset, end: Offset, maxBytes: number): Promise<number> => {
  let total = 0;
  for (let next = from; next < end; ) {
    const { bytes } = await log.read(next, { maxBytes, isolation: 'highWatermark' });
    let at = 0;
    while (at + 12 <= bytes.length && at + batchBytesOf(bytes, at) <= bytes.length) {
      next = nextOffsetOf(bytes, at);
      at += batchBytesOf(bytes, at);
    }
    total += at;
  }
  return total;
};

const readFiles = async (
  paths: readonly string[],
  reader: number,
  readBytes: number,
  buffers: 'fresh' | 'reused',
): Promise<number> => {
  const one = Buffer.allocUnsafeSlow(readBytes);
  let total = 0;
  for (let index = 0; index < paths.length; index++) {
    const file = new RawFile(paths[(reader + index) % paths.length] as string, 'read');
    for (let position = 0, read = -1; read !== 0; position += read) {
      read = await file.read(buffers === 'fresh' ? Buffer.allocUnsafe(readBytes) : one, position);
      total += read;
    }
    file.close();
  }
  return total;
};

const lookUp = async (
  { log, batchBytes, batches }: ReadableLog,
  { rounds, roundMs }: Scale,
  inFlight: number,
): Promise<string[][]> => {
  const perBatch = log.endOffset / batches;
  const offsets = [...Array(20_000)].map(() => offset(randomInt(batches) * perBatch));
  const files = log.parts.segments.all.map(({ logPath, sizeBytes }) => ({
    file: new RawFile(logPath, 'read'),
    sizeBytes,
  }));
  const during = (act: (index: number) => Promise<unknown>): Promise<Rate> => repeat(act, inFlight, roundMs);
  const results = await alternate(
    {
      offset: () =>
        during(async (index) => {
          const from = offsets[index % offsets.length] as Offset;
          const { bytes } = await log.read(from, { maxBytes: batchBytes, isolation: 'highWatermark' });
          if (baseOffsetOf(bytes) !== from) throw new Error(`read ${baseOffsetOf(bytes)} where ${from} was asked for`);
        }),
      time: () =>
        during(async (index) => {
          const from = offsets[index % offsets.length] as Offset;
          const match = await log.offsetForTimestamp(FIRST_TIMESTAMP + from / perBatch);
          if (match?.offset !== from) throw new Error(`found ${match?.offset} where ${from} was looked for`);
        }),
      raw: () =>
        during(async (index) => {
          const { file, sizeBytes } = files[index % files.length] as (typeof files)[0];
          await file.read(Buffer.allocUnsafe(batchBytes), randomInt(Math.max(1, sizeBytes - batchBytes)));
        }),
    },
    rounds,
  );
  for (const { file } of files) file.close();
  const perSecond = (of: readonly Rate[]): number[] => of.map(({ count, ms }) => (1000 * count) / ms);
  const raw = perSecond(results.raw);
  const row = (by: 'offset' | 'time'): string[] => {
    const mine = perSecond(results[by]);
    return [size(batchBytes), by, String(inFlight), spread(mine), spread(raw), spread(ratios(mine, raw), percent)];
  };
  return [row('offset'), row('time')];
};

/** Repeats `act` for `durationMs`, so many at a time. */
const repeat = async (
  act: (index: number) => Promise<unknown>,
  inFlight: number,
  durationMs: number,
): Promise<Rate> => {
  const startMs = performance.now();
  let count = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - startMs < durationMs) await act(count++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { count, bytes: 0, ms: performance.now() - startMs };
};
