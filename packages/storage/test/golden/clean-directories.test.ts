import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { leaderEpoch } from '@barnabas/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log, LogManager } from '../../src/index.ts';
import { copyOf, type Expected, GOLDEN, openLogs, readJson } from './golden.ts';

/** Log directories that Kafka closed cleanly, and the folder with what it read from each of their partitions. */
const DIRS = [
  'cluster/broker-1/data-a',
  'cluster/broker-1/data-b',
  'cluster/broker-2/data',
  'cluster/broker-3/data',
  'compaction/before-1',
  'compaction/after-1',
  'compaction/before-2',
  'compaction/after-2',
];

const expectedIn = (dir: string): Expected[] =>
  readdirSync(join(GOLDEN, 'expected', dir))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readJson<Expected>(`expected/${dir}/${name}`));

describe.each(DIRS)('%s, as Kafka left it', (dir) => {
  const cases = expectedIn(dir);
  const openedAtMs = cases.find(({ log }) => log !== undefined)?.log?.openedAtMs ?? 0;
  let copy: string;
  let manager: LogManager;

  beforeAll(async () => {
    copy = copyOf(dir);
    manager = await openLogs([copy], openedAtMs);
  });
  afterAll(async () => {
    await manager.close();
    rmSync(copy, { recursive: true });
  });

  it('opens with nothing left out', () => {
    expect(manager.failures).toEqual([]);
    expect([...(manager.dirs[0]?.unusable.keys() ?? [])]).toEqual([]);
    expect(manager.dirs[0]?.wasClean).toBe(true);
    expect([...manager.logs()].map(({ name }) => name).sort()).toEqual(
      cases.map(({ topic, partition }) => `${topic}-${partition}`).sort(),
    );
  });

  describe.each(
    cases.map((expected) => [`${expected.topic}-${expected.partition}`, expected] as const),
  )('%s', (_, expected) => {
    const open = (): Log => {
      const log = manager.get(expected);
      if (log === undefined) throw new Error(`${expected.topic}-${expected.partition} is not open`);
      return log;
    };

    it('has the same ends and producers', () => {
      const { log } = expected;
      if (log === undefined) return;
      const opened = open();
      expect({
        logStartOffset: opened.startOffset,
        logEndOffset: opened.endOffset,
        highWatermark: opened.highWatermark,
        lastStableOffset: opened.lastStableOffset,
        numberOfSegments: opened.parts.segments.all.length,
      }).toEqual({
        logStartOffset: log.logStartOffset,
        logEndOffset: log.logEndOffset,
        highWatermark: log.highWatermark,
        lastStableOffset: log.lastStableOffset,
        numberOfSegments: log.numberOfSegments,
      });
      const producers = opened.parts.producers.states.snapshotEntries().map((entry) => ({
        producerId: entry.producerId,
        producerEpoch: entry.producerEpoch,
        lastSequence: entry.lastBatch?.lastSequence ?? -1,
        lastOffset: entry.lastBatch?.lastOffset ?? -1,
        offsetDelta: entry.lastBatch?.offsetDelta ?? 0,
        timestamp: entry.timestamp,
        coordinatorEpoch: entry.coordinatorEpoch,
        currentTxnFirstOffset: entry.currentTxnFirstOffset ?? -1,
      }));
      const byId = (a: { producerId: number }, b: { producerId: number }): number => a.producerId - b.producerId;
      expect(producers.sort(byId)).toEqual(
        log.activeProducers.map(({ firstSequence: _f, firstOffset: _o, ...rest }) => rest).sort(byId),
      );
    });

    it('finds the same offsets by time', async () => {
      for (const { query, ...answer } of expected.offsetForTimestamp ?? []) {
        const found = await open().offsetForTimestamp(query);
        // Kafka takes an emptied segment's file time for its largest timestamp, stops there and finds nothing; the record
        // that is there is the better answer.
        if (answer.offset === null && found !== undefined && expected.segments.some(({ size }) => size === 0)) {
          expect(found.timestamp).toBeGreaterThanOrEqual(query);
          continue;
        }
        expect(found === undefined ? { offset: null } : { ...found }, `at ${query}`).toEqual(
          answer.offset === null ? { offset: null } : { ...answer, leaderEpoch: answer.leaderEpoch ?? undefined },
        );
      }
    });

    it('ends each leader epoch at the same offset', () => {
      for (const { query, leaderEpoch: epoch, endOffset } of expected.endOffsetForEpoch ?? []) {
        expect(open().endOffsetForEpoch(leaderEpoch(query)), `epoch ${query}`).toEqual(
          endOffset === null ? undefined : { epoch, endOffset },
        );
      }
    });

    it('reads the same bytes from the same places', async () => {
      for (const read of expected.reads ?? []) {
        const got = await open().read(read.offset, { maxBytes: read.maxBytes, isolation: 'logEnd' });
        expect(
          { segmentBaseOffset: got.segmentBaseOffset, position: got.position, bytes: got.bytes.length },
          `at ${read.offset}`,
        ).toEqual({ segmentBaseOffset: read.segmentBaseOffset, position: read.position, bytes: read.bytes });
      }
    });

    it('gives a read-committed reader the same bytes and the same aborted transactions', async () => {
      for (const { offset, committedBytes, committedAborted } of expected.reads ?? []) {
        if (committedBytes === undefined) continue;
        const got = await open().read(offset, { maxBytes: 100_000, isolation: 'lastStable' });
        expect(got.bytes.length, `at ${offset}`).toBe(committedBytes);
        const aborted = await open().abortedTransactions(offset, got);
        expect(
          aborted.map(({ producerId, firstOffset }) => [producerId, firstOffset]),
          `at ${offset}`,
        ).toEqual(committedAborted ?? []);
      }
    });
  });
});
