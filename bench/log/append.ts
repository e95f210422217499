/**
 * Appends, against the raw disk. Clients with one append in flight each share the batches out; the next one of a client
 * comes in a turn of the event loop of its own, as it does from a socket. The log's calls are traced, and the peer makes
 * the very same ones on bare descriptors: as many batches in each writev, as many bytes under each fdatasync. A second
 * peer writes each batch by itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Log, nodeFileSystem } from '@barnabas/storage';
import { alternate, ratios } from '../support/rounds.ts';
import { quantile } from '../support/statistics.ts';
import { number, percent, printTable, size, spread } from '../support/table.ts';
import { BatchPool, batchOf } from './batches.ts';
import { EPOCH, openLogs, TOPIC } from './open-logs.ts';
import { groupsOf, oneByOne, type WriteGroup, writeRaw } from './raw-append.ts';
import type { Scale } from './scale.ts';
import { type LogCall, TracingFileSystem } from './tracing-file-system.ts';

const BATCH_BYTES = [100, 1024, 64 * 1024];
const PARTITIONS = [1, 16];
/** The peer that writes each batch by itself is slow: it gets fewer of them. */
const ONE_BY_ONE_BATCHES = 4096;

type AppendCase = {
  readonly batchBytes: number;
  readonly flush: 'os' | 'group';
  readonly partitions: number;
  readonly inFlight: number;
};

/** One round of a log. */
type LogRound = {
  readonly batches: number;
  readonly bytes: number;
  readonly ms: number;
  readonly latenciesMs: Float64Array;
  readonly writes: number;
  readonly syncs: number;
};

export const measureAppends = async (dir: string, scale: Scale): Promise<void> => {
  const rows: string[][] = [];
  for (const batchBytes of BATCH_BYTES) {
    for (const flush of ['os', 'group'] as const) {
      for (const partitions of PARTITIONS) {
        for (const inFlight of scale.inFlight) {
          if (partitions > 1 && inFlight === 1) continue;
          rows.push(await measureCase(dir, scale, { batchBytes, flush, partitions, inFlight }));
        }
      }
    }
  }
  const columns = ['batch', 'flush', 'partitions', 'in flight', 'log MB/s', 'batches/s', 'same writev MB/s'];
  const more = ['log / same writev', 'one by one MB/s', 'p50 ms', 'p99 ms', 'writev / 1,000', 'fdatasync / 1,000'];
  printTable('Appends', [...columns, ...more], rows);
};

const measureCase = async (dir: string, scale: Scale, appendCase: AppendCase): Promise<string[]> => {
  const { batchBytes, flush, partitions, inFlight } = appendCase;
  const template = batchOf(batchBytes, Date.now());
  const pool = new BatchPool(template, await countFor(dir, scale, appendCase));
  let groups: readonly (readonly WriteGroup[])[] = [];
  const results = await alternate(
    {
      log: async () => {
        pool.refill();
        const { round, calls } = await appendAll(dir, appendCase, pool.batches);
        groups = groupsOf(calls);
        return round;
      },
      same: () => writeRaw(dir, groups, template),
      single: () => {
        const perFile = Math.ceil(ONE_BY_ONE_BATCHES / groups.length);
        const files = groups.map((file) => oneByOne(file, perFile));
        return writeRaw(dir, files, template);
      },
    },
    scale.rounds,
  );
  const mbPerS = (rounds: readonly { bytes: number; ms: number }[]): number[] =>
    rounds.map(({ bytes, ms }) => bytes / ms / 1000);
  const latencies = results.log.map(({ latenciesMs }) => latenciesMs);
  const perThousand = (of: (round: LogRound) => number): string =>
    number((1000 * sum(results.log.map(of))) / sum(results.log.map(({ batches }) => batches)));
  return [
    ...[size(batchBytes), flush, String(partitions), String(inFlight)],
    spread(mbPerS(results.log)),
    spread(results.log.map(({ batches, ms }) => (1000 * batches) / ms)),
    spread(mbPerS(results.same)),
    spread(ratios(mbPerS(results.log), mbPerS(results.same)), percent),
    spread(mbPerS(results.single)),
    ...[0.5, 0.99].map((fraction) => spread(latencies.map((values) => quantile(values, fraction)))),
    perThousand(({ writes }) => writes),
    perThousand(({ syncs }) => syncs),
  ];
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** As many batches as the log takes in one round, found by trying. */
const countFor = async (dir: string, { appendBytes, roundMs }: Scale, appendCase: AppendCase): Promise<number> => {
  const most = Math.floor(appendBytes / appendCase.batchBytes);
  const least = Math.min(most, 2 * appendCase.inFlight);
  for (let count = Math.min(most, Math.max(least, 200)); ; count = Math.min(most, 8 * count)) {
    const pool = new BatchPool(batchOf(appendCase.batchBytes, Date.now()), count);
    pool.refill();
    const { round } = await appendAll(dir, appendCase, pool.batches);
    const fitting = Math.floor((count * roundMs) / round.ms);
    if (count === most || fitting < 8 * count) return Math.min(most, Math.max(least, fitting));
  }
};

/** Appends the batches to new logs, which are removed afterwards; opening and removing is not measured. */
const appendAll = async (
  dir: string,
  { flush, partitions, inFlight, batchBytes }: AppendCase,
  batches: readonly Buffer[],
): Promise<{ round: LogRound; calls: readonly LogCall[] }> => {
  const into = mkdtempSync(join(dir, 'append-'));
  const traced = new TracingFileSystem(nodeFileSystem);
  const manager = await openLogs(into, { flush, fs: traced.fs });
  const logs: Log[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    logs.push(await manager.create({ topic: TOPIC, partition }));
  }
  traced.calls = [];
  const startMs = performance.now();
  const latenciesMs = await appendFrom(logs, batches, inFlight);
  const ms = performance.now() - startMs;
  const calls = [...traced.calls];
  await manager.close();
  rmSync(into, { recursive: true });
  const writes = calls.filter(({ kind }) => kind === 'write').length;
  const bytes = batches.length * batchBytes;
  return { round: { batches: batches.length, bytes, ms, latenciesMs, writes, syncs: calls.length - writes }, calls };
};

const appendFrom = async (
  logs: readonly Log[],
  batches: readonly Buffer[],
  inFlight: number,
): Promise<Float64Array> => {
  const latenciesMs = new Float64Array(batches.length);
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < batches.length; index = next++) {
      const startMs = performance.now();
      await logs[index % logs.length]?.appendAsLeader(batches[index] as Buffer, EPOCH).acknowledged;
      latenciesMs[index] = performance.now() - startMs;
      await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  return latenciesMs;
};
