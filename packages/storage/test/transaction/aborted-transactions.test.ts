import { offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import {
  type AbortedTransaction,
  collectAborted,
  decodeTransactionIndex,
  encodeAbortedTransaction,
} from '../../src/transaction/aborted-transactions.ts';
import { expectNoCrash, FILE, malformed } from '../checkpoint/parse-failure.ts';
import { type GoldenPartition, goldenFile, goldenFiles, goldenPartitions } from '../golden-partitions.ts';

const aborted = (first: number, last: number, stable: number, id = 7): AbortedTransaction => ({
  producerId: producerId(id),
  firstOffset: offset(first),
  lastOffset: offset(last),
  lastStableOffset: offset(stable),
});
const encode = (...transactions: AbortedTransaction[]) => Buffer.concat(transactions.map(encodeAbortedTransaction));

describe("Kafka's transaction indexes", () => {
  it('hold what Kafka read, and are written back as the same bytes', () => {
    const existing = new Set(goldenFiles('{cluster,unclean,compaction}/**/*.txnindex'));
    let compared = 0;
    for (const { dir, txnIndexes } of goldenPartitions()) {
      for (const { file, entries } of txnIndexes) {
        if (!existing.has(`${dir}/${file}`)) continue;
        const bytes = goldenFile(`${dir}/${file}`);
        const decoded = decodeTransactionIndex(bytes, file);
        expect(decoded.map((entry) => ({ version: 0, ...entry }))).toEqual(entries);
        expect(encode(...decoded)).toEqual(bytes);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(40);
  });
});

describe('decodeTransactionIndex', () => {
  const good = () => encode(aborted(3, 10, 5), aborted(5, 20, 21, 2 ** 40));

  it('answers the entries in order', () => {
    expect(decodeTransactionIndex(good(), FILE)).toEqual([aborted(3, 10, 5), aborted(5, 20, 21, 2 ** 40)]);
    expect(decodeTransactionIndex(Buffer.alloc(0), FILE)).toEqual([]);
  });

  it.each<[string, () => Buffer, number]>([
    ['a part of an entry', () => good().subarray(0, 67), 34],
    ['another version', () => Buffer.from(good().fill(1, 35, 36)), 34],
    ['a marker that is not after the one before', () => encode(aborted(3, 10, 5), aborted(5, 10, 5)), 52],
    ['a transaction that begins after its marker', () => encode(aborted(11, 10, 5)), 10],
    ['an offset beyond 2^53', () => Buffer.from(good().fill(0x7f, 26, 27)), 26],
    ['a negative producer id', () => Buffer.from(good().fill(0xff, 2, 3)), 2],
  ])('refuses %s', (_, bytes, byte) => {
    const error = malformed(() => decodeTransactionIndex(bytes(), FILE));
    expect(error).toMatchObject({ file: FILE, position: { byte } });
  });

  it('never breaks on random or changed bytes', () => {
    expectNoCrash(good(), decodeTransactionIndex);
  });
});

describe('collectAborted', () => {
  const index = [aborted(3, 10, 5), aborted(5, 20, 15), aborted(15, 30, 31)];
  const collect = (from: number, upTo: number) => {
    const found = collectAborted(index, offset(from), offset(upTo));
    return [found.aborted.map(({ firstOffset }) => firstOffset), found.isComplete];
  };

  it.each<[string, number, number, [number[], boolean]]>([
    ['all that overlap', 0, 100, [[3, 5, 15], false]],
    ['one whose marker is at the start', 10, 11, [[3, 5], true]],
    ['none whose marker is below the start', 11, 15, [[5], true]],
    ['none that begins at the bound', 0, 5, [[3], true]],
    ['one that begins just below the bound', 0, 6, [[3, 5], true]],
    ['and goes on while the bound is not stable', 16, 31, [[5, 15], true]],
    ['and is not complete when it never was', 16, 32, [[5, 15], false]],
  ])('gives %s', (_, from, upTo, expected) => {
    expect(collect(from, upTo)).toEqual(expected);
  });

  it('is not complete where the index is empty', () => {
    expect(collectAborted([], offset(0), offset(1))).toEqual({ aborted: [], isComplete: false });
  });

  it("gives what Kafka's read-committed reads gave", () => {
    let compared = 0;
    for (const partition of goldenPartitions()) {
      for (const read of partition.reads ?? []) {
        if (read.committedAborted === undefined || !read.committedBytes) continue;
        expect(abortedOf(partition, read), `${partition.dir} from ${read.offset}`).toEqual(read.committedAborted);
        compared += read.committedAborted.length;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });
});

/** As a log does it: the bound is the first indexed offset beyond what was read, or the segment's end. */
function abortedOf(
  { segments, offsetIndexes, txnIndexes, log }: GoldenPartition,
  read: NonNullable<GoldenPartition['reads']>[number],
): [number, number][] {
  const baseOf = ({ file }: { file: string }) => Number(file.slice(0, 20));
  const end = read.position + (read.committedBytes ?? 0);
  const indexed = offsetIndexes.find((index) => baseOf(index) === read.segmentBaseOffset)?.entries ?? [];
  const next = segments.map(baseOf).find((base) => base > read.segmentBaseOffset);
  const bound = indexed.find(([, position]) => position >= end)?.[0] ?? next ?? log?.logEndOffset ?? 0;
  const found: [number, number][] = [];
  for (const index of txnIndexes.filter((each) => baseOf(each) >= read.segmentBaseOffset)) {
    const transactions = index.entries.map((entry) =>
      aborted(entry.firstOffset, entry.lastOffset, entry.lastStableOffset, entry.producerId),
    );
    const part = collectAborted(transactions, offset(read.offset), offset(bound));
    found.push(...part.aborted.map((entry): [number, number] => [entry.producerId, entry.firstOffset]));
    if (part.isComplete) break;
  }
  return found;
}
