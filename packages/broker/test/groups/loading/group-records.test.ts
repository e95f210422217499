import { offset, producerId } from '@barnabas/model';
import { buildEndTransactionMarker, type EndOfTransaction } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { GroupRecords } from '../../../src/groups/loading/group-records.ts';
import { batchAt, commitOf, groupOf, inTransaction, shown } from '../../support/groups/offsets-records.ts';
import { recordingLog } from '../../support/recording-log.ts';

const marker = (at: number, producer: number, kind: EndOfTransaction): Buffer =>
  buildEndTransactionMarker({
    kind,
    producerId: producerId(producer),
    producerEpoch: 0,
    coordinatorEpoch: 0,
    timestamp: 1000,
    baseOffset: offset(at),
  });

function read(batches: readonly Buffer[], from = 0) {
  const log = recordingLog();
  const read = new GroupRecords('__consumer_offsets-0', log).read(Buffer.concat(batches), offset(from));
  const found: string[] = [];
  for (let next = read.next(); ; next = read.next()) {
    if (next.done) return { found, next: next.value, lines: log.lines };
    found.push(...next.value.map(shown));
  }
}

describe('what a log of groups says', () => {
  it('is all of its records in their order, deletions too', () => {
    const { found, next } = read([batchAt(0, [groupOf('g'), commitOf('g', 5)]), batchAt(2, [commitOf('g', null)])]);
    expect(found).toEqual(['g', 'g t-0=5', 'g t-0=gone']);
    expect(next).toBe(3);
  });

  it('begins at the offset asked for, though a batch begins before it', () => {
    expect(read([batchAt(0, [commitOf('g', 1), commitOf('g', 2)])], 1).found).toEqual(['g t-0=2']);
  });

  it('goes on after gaps that compaction left, and ends after the last offset of the last batch', () => {
    const { found, next } = read([
      batchAt(4, [commitOf('g', 1)]),
      batchAt(90, [commitOf('h', 2)], { lastOffsetDelta: 9 }),
    ]);
    expect(found).toEqual(['g t-0=1', 'h t-0=2']);
    expect(next).toBe(100);
  });

  it('knows offsets of a transaction once it is committed, and not at all where it is aborted', () => {
    const begun = [batchAt(0, [commitOf('g', 7)], inTransaction(1)), batchAt(1, [commitOf('h', 8)], inTransaction(2))];
    expect(read(begun).found).toEqual([]);
    expect(read([...begun, marker(2, 1, 'commit'), marker(3, 2, 'abort')]).found).toEqual(['g t-0=7']);
  });

  it('takes an offset committed outside of a transaction for newer than those that the transaction had before it', () => {
    const log = [
      batchAt(0, [commitOf('g', 7), commitOf('h', 8)], inTransaction(1)),
      batchAt(2, [commitOf('g', 9)]),
      marker(3, 1, 'commit'),
    ];
    expect(read(log).found).toEqual(['g t-0=9', 'h t-0=8']);
  });

  it('commits the offsets of each transaction of a producer once', () => {
    const log = [
      batchAt(0, [commitOf('g', 7)], inTransaction(1)),
      marker(1, 1, 'abort'),
      batchAt(2, [commitOf('h', 8)], inTransaction(1)),
      marker(3, 1, 'commit'),
      marker(4, 1, 'commit'),
    ];
    expect(read(log).found).toEqual(['h t-0=8']);
  });

  it('passes over what it does not know or cannot read, and says so of the latter', () => {
    const [unknown, short] = [Buffer.from([0, 9, 1]), Buffer.from([0])];
    const broken = batchAt(3, [commitOf('g', 3), commitOf('g', 4)]);
    broken.writeInt32BE(5, 57);
    const { found, next, lines } = read([
      batchAt(0, [
        { key: unknown, value: null },
        { key: short, value: null },
        { key: null, value: null },
      ]),
      broken,
      batchAt(5, [commitOf('h', 5)]),
    ]);
    expect(found).toEqual(['g t-0=3', 'g t-0=4', 'h t-0=5']);
    expect(next).toBe(6);
    expect(lines).toEqual(Array(2).fill('error: a record of groups cannot be read, and is passed over'));
  });
});
