import { offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { encodeProducerSnapshot } from '../../src/producer/producer-snapshot.ts';
import { ProducerStates } from '../../src/producer/producer-state.ts';
import {
  type GoldenAborted,
  type GoldenBatch,
  type GoldenPartition,
  goldenBatches,
  goldenFile,
  goldenPartitions,
} from '../golden-partitions.ts';

const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** Takes in a batch as a follower does; answers what the transaction index gets. */
function apply(states: ProducerStates, batch: GoldenBatch): GoldenAborted | undefined {
  const id = producerId(batch.producerId);
  if (id < 0) return undefined;
  const { producerEpoch, baseSequence, lastSequence, maxTimestamp, transactional } = batch;
  const [firstOffset, lastOffset] = [offset(batch.baseOffset), offset(batch.lastOffset)];
  if (!batch.control) {
    states.apply({
      producerId: id,
      producerEpoch,
      baseSequence,
      lastSequence,
      firstOffset,
      lastOffset,
      maxTimestamp,
      transactional,
    });
    return undefined;
  }
  const [record] = batch.records;
  if (record?.coordinatorEpoch === undefined) return undefined;
  const completed = states.applyMarker({
    producerId: id,
    producerEpoch,
    coordinatorEpoch: record.coordinatorEpoch,
    kind: record.control === 'COMMIT' ? 'commit' : 'abort',
    offset: firstOffset,
    timestamp: record.timestamp,
  });
  if (completed === undefined) return undefined;
  const lastStableOffset = states.lastStableOffsetFor(completed);
  states.completeTransaction(completed);
  return completed.isAborted
    ? { producerId: id, firstOffset: completed.firstOffset, lastOffset: completed.lastOffset, lastStableOffset }
    : undefined;
}

/** Partitions whose log is whole: nothing removed at its start, nothing compacted. */
const wholeLogs = (): { partition: GoldenPartition; batches: GoldenBatch[] }[] =>
  [...goldenPartitions('cluster/**'), ...goldenPartitions('unclean/base')]
    .map((partition) => ({ partition, batches: goldenBatches(partition) }))
    .filter(({ batches }) =>
      batches.every(({ baseOffset }, i) => baseOffset === (i === 0 ? 0 : (batches[i - 1]?.lastOffset ?? 0) + 1)),
    );

describe("the states after a replay of Kafka's logs", () => {
  const logs = wholeLogs();

  it("are those of Kafka's snapshots, byte for byte", () => {
    let compared = 0;
    for (const { partition, batches } of logs) {
      for (const { file, entries } of partition.snapshots) {
        if (entries.length === 0) continue;
        const states = new ProducerStates();
        const upTo = Number(file.slice(0, 20));
        for (const batch of batches) if (batch.lastOffset < upTo) apply(states, batch);
        const path = `${partition.dir}/${file}`;
        expect(encodeProducerSnapshot(states.snapshotEntries()).toString('hex'), path).toBe(
          goldenFile(path).toString('hex'),
        );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(30);
  });

  it("give the entries of Kafka's transaction indexes", () => {
    let compared = 0;
    for (const { partition, batches } of logs) {
      const states = new ProducerStates();
      const aborted = batches.map((batch) => apply(states, batch)).filter((entry) => entry !== undefined);
      const expected = partition.txnIndexes.flatMap(({ entries }) =>
        entries.map(({ producerId: id, firstOffset, lastOffset, lastStableOffset }) => ({
          producerId: id,
          firstOffset,
          lastOffset,
          lastStableOffset,
        })),
      );
      expect(aborted, partition.dir).toEqual(expected);
      compared += expected.length;
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('are the same from each snapshot and the batches that follow', () => {
    for (const { partition, batches } of logs) {
      const whole = new ProducerStates();
      for (const { file } of partition.snapshots) {
        const upTo = Number(file.slice(0, 20));
        for (const batch of batches) {
          if (batch.baseOffset >= whole.endOffset && batch.lastOffset < upTo) apply(whole, batch);
        }
        whole.advanceTo(offset(upTo));
        const restarted = new ProducerStates();
        restarted.truncateFullyAndStartAt(offset(upTo));
        restarted.load(whole.snapshotEntries(), 0, NEVER_MS);
        for (const batch of batches) if (batch.baseOffset >= upTo) apply(restarted, batch);
        const straight = new ProducerStates();
        for (const batch of batches) apply(straight, batch);
        expect(restarted.snapshotEntries(), `${partition.dir}/${file}`).toEqual(straight.snapshotEntries());
        straight.onHighWatermark(straight.endOffset);
        restarted.onHighWatermark(restarted.endOffset);
        expect(restarted.firstUnstableOffset).toBe(straight.firstUnstableOffset);
      }
    }
  });
});
