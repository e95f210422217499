import { offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ProducerStates, type TransactionMarker } from '../../src/producer/producer-state.ts';
import { batch, marker, PRODUCER, statesAfter } from './batches.ts';

const OTHER = producerId(8);
const data = (at: number, sequence: number, id = PRODUCER) =>
  batch(at, sequence, 1, { producerId: id, transactional: true });

/** All three steps; answers what the transaction index would get for an aborted one. */
const end = (states: ProducerStates, ending: TransactionMarker) => {
  const completed = states.applyMarker(ending);
  if (completed === undefined) return undefined;
  const lastStableOffset = states.lastStableOffsetFor(completed);
  states.completeTransaction(completed);
  return { ...completed, lastStableOffset };
};

describe('applyMarker', () => {
  it('ends the transaction at the marker', () => {
    const states = statesAfter(data(3, 0), data(4, 1));
    expect(states.applyMarker(marker(5, { kind: 'abort' }))).toEqual({
      producerId: PRODUCER,
      firstOffset: 3,
      lastOffset: 5,
      isAborted: true,
    });
    expect(states.snapshotEntries()).toEqual([
      {
        producerId: PRODUCER,
        producerEpoch: 0,
        lastBatch: { lastSequence: 1, lastOffset: 4, offsetDelta: 0 },
        timestamp: 2000,
        coordinatorEpoch: 0,
        currentTxnFirstOffset: undefined,
      },
    ]);
    expect(states.endOffset).toBe(6);
  });

  it('ends nothing where the producer wrote nothing here, but notes the epochs', () => {
    const states = new ProducerStates();
    expect(states.applyMarker(marker(0, { producerEpoch: 2, coordinatorEpoch: 9 }))).toBeUndefined();
    expect(states.snapshotEntries()).toMatchObject([
      { producerEpoch: 2, coordinatorEpoch: 9, lastBatch: undefined, timestamp: 2000 },
    ]);
    expect(states.firstUnstableOffset).toBeUndefined();
  });

  it('forgets the batches of an earlier epoch', () => {
    const states = statesAfter(data(0, 0));
    states.applyMarker(marker(1, { producerEpoch: 1, kind: 'abort' }));
    expect(states.snapshotEntries()).toMatchObject([{ producerEpoch: 1, lastBatch: undefined }]);
  });
});

describe('lastStableOffsetFor', () => {
  it('is the offset after the marker if no other transaction is open', () => {
    const states = statesAfter(data(3, 0));
    expect(end(states, marker(4))).toMatchObject({ lastStableOffset: 5 });
  });

  it('is where the oldest other open transaction begins', () => {
    const states = statesAfter(data(3, 0), data(4, 0, OTHER), data(5, 0, producerId(9)));
    expect(end(states, marker(6))).toMatchObject({ firstOffset: 3, lastStableOffset: 4 });
    expect(end(states, marker(7, { producerId: producerId(9) }))).toMatchObject({ lastStableOffset: 4 });
    expect(end(states, marker(8, { producerId: OTHER }))).toMatchObject({ firstOffset: 4, lastStableOffset: 9 });
  });
});

describe('firstUnstableOffset', () => {
  it('is where the oldest open transaction begins', () => {
    const states = statesAfter(data(3, 0), data(4, 0, OTHER), data(5, 1));
    expect(states.firstUnstableOffset).toBe(3);
  });

  it('stays at a completed transaction until the high watermark has passed its marker', () => {
    const states = statesAfter(data(3, 0));
    end(states, marker(4));
    states.onHighWatermark(offset(4));
    expect(states.firstUnstableOffset).toBe(3);
    states.onHighWatermark(offset(5));
    expect(states.firstUnstableOffset).toBeUndefined();
  });

  it('is the least of open and completed ones, in whatever order they end', () => {
    const states = statesAfter(data(3, 0), data(4, 0, OTHER));
    end(states, marker(5, { producerId: OTHER }));
    expect(states.firstUnstableOffset).toBe(3);
    end(states, marker(6));
    states.onHighWatermark(offset(6));
    expect(states.firstUnstableOffset).toBe(3);
    states.apply(data(7, 1));
    states.onHighWatermark(offset(7));
    expect(states.firstUnstableOffset).toBe(7);
  });

  it('is restored by load, in the order of the offsets', () => {
    const written = statesAfter(data(3, 0, producerId(20)), data(4, 0, producerId(1)));
    const states = new ProducerStates();
    states.load(written.snapshotEntries(), 0, 1000);
    expect(states.firstUnstableOffset).toBe(3);
    expect(end(states, marker(5, { producerId: producerId(20) }))).toMatchObject({ lastStableOffset: 4 });
  });
});

describe('onLogStartOffsetIncremented', () => {
  it('forgets completed transactions below and brings the end forward', () => {
    const states = statesAfter(data(3, 0));
    end(states, marker(4));
    states.onLogStartOffsetIncremented(offset(4));
    expect(states.firstUnstableOffset).toBe(3);
    states.onLogStartOffsetIncremented(offset(10));
    expect(states.firstUnstableOffset).toBeUndefined();
    expect(states.endOffset).toBe(10);
  });
});

describe('completeTransaction', () => {
  it('fails for a transaction that was not open', () => {
    const completed = { producerId: PRODUCER, firstOffset: offset(3), lastOffset: offset(4), isAborted: true };
    expect(() => new ProducerStates().completeTransaction(completed)).toThrow('no open transaction from 3');
  });
});
