import { offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ProducerStates } from '../../src/producer/producer-state.ts';
import { goldenFile } from '../golden-partitions.ts';
import { batch, marker, PRODUCER, statesAfter } from './batches.ts';

const MAX_SEQUENCE = 2147483647;
const epochTo = (producerEpoch: number) => ({ producerEpoch });

describe('check', () => {
  it.each([0, 1, 17, MAX_SEQUENCE])('takes any first sequence of an unknown producer: %i', (sequence) => {
    expect(new ProducerStates().check(batch(0, sequence))).toEqual({ kind: 'append' });
  });

  it('takes the next sequence', () => {
    expect(statesAfter(batch(0, 0, 3)).check(batch(3, 3))).toEqual({ kind: 'append' });
  });

  it.each([
    ['a gap', 4, 1],
    ['a batch longer than the one before from the same start', 0, 4],
    ['a batch shorter than the one before', 0, 2],
    ['a batch that ends alike and begins later', 1, 2],
  ])('refuses %s', (_, sequence, count) => {
    const states = statesAfter(batch(0, 0, 3));
    expect(() => states.check(batch(3, sequence, count))).toThrow(
      expect.objectContaining({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }),
    );
  });

  it('counts from 2147483647 on to 0, between batches and within one', () => {
    const atEnd = statesAfter(batch(0, MAX_SEQUENCE - 1, 2));
    expect(atEnd.check(batch(2, 0))).toEqual({ kind: 'append' });
    const across = statesAfter(batch(0, MAX_SEQUENCE - 1, 4));
    expect(across.check(batch(4, 2))).toEqual({ kind: 'append' });
    expect(across.check(batch(4, MAX_SEQUENCE - 1, 4))).toMatchObject({ kind: 'duplicate', firstOffset: 0 });
    expect(() => across.check(batch(4, 1))).toThrow('2 was to come');
  });

  it('knows each of the last five batches again, with its offsets and its time', () => {
    const sent = Array.from({ length: 6 }, (_, i) => batch(10 * i, 2 * i, 2, { maxTimestamp: 100 + i }));
    const states = statesAfter(...sent);
    for (const again of sent.slice(1)) {
      const elsewhere = { ...again, firstOffset: offset(99), lastOffset: offset(100) };
      expect(states.check(elsewhere)).toEqual({
        kind: 'duplicate',
        firstOffset: again.firstOffset,
        lastOffset: again.lastOffset,
        timestamp: again.maxTimestamp,
      });
    }
    expect(() => states.check(batch(60, 0, 2))).toThrow(
      expect.objectContaining({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }),
    );
  });

  it('refuses an older epoch, even with the sequences of a batch it had', () => {
    const states = statesAfter(batch(0, 0, 1, epochTo(1)), batch(1, 0, 1, epochTo(2)));
    for (const sequence of [0, 1]) {
      expect(() => states.check(batch(2, sequence, 1, epochTo(1)))).toThrow(
        expect.objectContaining({ error: 'INVALID_PRODUCER_EPOCH' }),
      );
    }
  });

  it('wants a new epoch to begin at 0', () => {
    const states = statesAfter(batch(0, 0));
    expect(states.check(batch(1, 0, 1, epochTo(1)))).toEqual({ kind: 'append' });
    expect(() => states.check(batch(1, 1, 1, epochTo(1)))).toThrow(
      expect.objectContaining({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }),
    );
  });

  it('wants an epoch that a marker began to begin at 0 too', () => {
    const states = new ProducerStates();
    states.applyMarker(marker(0, epochTo(1)));
    expect(states.check(batch(1, 0, 1, epochTo(1)))).toEqual({ kind: 'append' });
    expect(() => states.check(batch(1, 5, 1, epochTo(1)))).toThrow('0 was to come');
  });

  it('goes on with the sequences after a marker of the same epoch', () => {
    const states = statesAfter(batch(0, 0, 2, { transactional: true }));
    states.applyMarker(marker(2));
    expect(states.check(batch(3, 2, 1, { transactional: true }))).toEqual({ kind: 'append' });
    expect(states.check(batch(3, 0, 2, { transactional: true }))).toMatchObject({ kind: 'duplicate' });
  });

  it('refuses data outside of the open transaction', () => {
    const states = statesAfter(batch(0, 0, 1, { transactional: true }));
    expect(() => states.check(batch(1, 1))).toThrow(expect.objectContaining({ error: 'INVALID_TXN_STATE' }));
    expect(states.check(batch(1, 1, 1, { transactional: true }))).toEqual({ kind: 'append' });
  });

  it('keeps producers apart', () => {
    const states = statesAfter(batch(0, 0));
    expect(states.check(batch(1, 9, 1, { producerId: producerId(8) }))).toEqual({ kind: 'append' });
  });

  it('changes nothing', () => {
    const states = statesAfter(batch(0, 0));
    const before = states.snapshotEntries();
    states.check(batch(1, 1));
    states.check(batch(1, 0, 1, epochTo(4)));
    states.check(batch(1, 0, 1, { producerId: producerId(8) }));
    expect(states.snapshotEntries()).toEqual(before);
    expect(states.endOffset).toBe(1);
  });

  it('holds a coordinator to epoch and transaction only, as its batches have no sequences', () => {
    const states = statesAfter(batch(0, -1, 2, { ...epochTo(1), transactional: true }));
    const offsets = batch(2, -1, 2, { ...epochTo(1), transactional: true });
    expect(states.check(offsets, 'coordinator')).toEqual({ kind: 'append' });
    expect(() => states.check({ ...offsets, producerEpoch: 0 }, 'coordinator')).toThrow(
      expect.objectContaining({ error: 'INVALID_PRODUCER_EPOCH' }),
    );
    expect(() => states.check({ ...offsets, transactional: false }, 'coordinator')).toThrow(
      expect.objectContaining({ error: 'INVALID_TXN_STATE' }),
    );
  });
});

describe('checkMarker', () => {
  const states = new ProducerStates();
  states.apply(batch(0, 0, 1, { ...epochTo(3), transactional: true }));
  states.applyMarker(marker(1, { ...epochTo(3), coordinatorEpoch: 5 }));

  it('takes one of the same or a later epoch and coordinator, and of an unknown producer', () => {
    expect(() => states.checkMarker(marker(2, { ...epochTo(3), coordinatorEpoch: 5 }))).not.toThrow();
    expect(() => states.checkMarker(marker(2, { ...epochTo(4), coordinatorEpoch: 6 }))).not.toThrow();
    expect(() => states.checkMarker(marker(2, { producerId: producerId(8) }))).not.toThrow();
  });

  it('refuses an older producer epoch', () => {
    expect(() => states.checkMarker(marker(2, { ...epochTo(2), coordinatorEpoch: 5 }))).toThrow(
      expect.objectContaining({ error: 'INVALID_PRODUCER_EPOCH' }),
    );
  });

  it('refuses a coordinator that has been replaced', () => {
    expect(() => states.checkMarker(marker(2, { ...epochTo(3), coordinatorEpoch: 4 }))).toThrow(
      expect.objectContaining({ error: 'TRANSACTION_COORDINATOR_FENCED' }),
    );
  });
});

describe('apply', () => {
  it('takes what the leader wrote without judging it', () => {
    const states = statesAfter(batch(0, 5, 1, epochTo(3)), batch(1, 9, 1, epochTo(3)), batch(2, 4, 1, epochTo(2)));
    expect(states.snapshotEntries()).toMatchObject([{ producerEpoch: 2, lastBatch: { lastSequence: 4 } }]);
  });

  it('moves the end offset on, and so does advanceTo', () => {
    const states = statesAfter(batch(4, 0, 3));
    expect(states.endOffset).toBe(7);
    states.advanceTo(offset(12));
    states.advanceTo(offset(9));
    expect(states.endOffset).toBe(12);
  });
});

describe("Kafka's own answers to requests made by hand", () => {
  type HandMade = {
    producerId: number;
    epoch: number;
    baseSequence: number;
    count: number;
    error: string;
    baseOffset: number;
  };
  const requests: HandMade[] = JSON.parse(
    goldenFile('cluster-description.json').toString(),
  ).rawProduceToIdempotentTopic;

  it('come out the same', () => {
    const states = new ProducerStates();
    let end = requests[0]?.baseOffset ?? 0;
    const answer = ({ producerId: id, epoch, baseSequence, count }: HandMade) => {
      const sent = batch(end, baseSequence, count, { producerId: producerId(id), producerEpoch: epoch });
      try {
        const decision = states.check(sent);
        if (decision.kind === 'duplicate') return { error: 'NONE', baseOffset: decision.firstOffset };
      } catch (error) {
        return { error: (error as { error?: string }).error, baseOffset: -1 };
      }
      states.apply(sent);
      end += count;
      return { error: 'NONE', baseOffset: sent.firstOffset };
    };
    expect(requests.length).toBeGreaterThan(10);
    for (const request of requests) {
      expect(answer(request), JSON.stringify(request)).toEqual({
        error: request.error,
        baseOffset: request.baseOffset,
      });
    }
  });
});

describe('removeExpired', () => {
  it('forgets producers that have been silent so long, and not those in a transaction', () => {
    const inTransaction = batch(1, 0, 1, { producerId: producerId(8), transactional: true });
    const later = batch(2, 0, 1, { producerId: producerId(9), maxTimestamp: 1001 });
    const states = statesAfter(batch(0, 0), inTransaction, later);
    states.removeExpired(1499, 500);
    expect(states.producerCount).toBe(3);
    states.removeExpired(1500, 500);
    expect(states.snapshotEntries().map((entry) => entry.producerId)).toEqual([8, 9]);
    expect(states.check(batch(3, 77, 1, { producerId: PRODUCER }))).toEqual({ kind: 'append' });
  });

  it('counts a marker as a sign of life', () => {
    const states = statesAfter(batch(0, 0, 1, { transactional: true }));
    const completed = states.applyMarker(marker(1, { timestamp: 5000 }));
    if (completed !== undefined) states.completeTransaction(completed);
    states.removeExpired(5100, 500);
    expect(states.producerCount).toBe(1);
    states.removeExpired(5500, 500);
    expect(states.producerCount).toBe(0);
  });
});

describe('load', () => {
  it('takes in what snapshotEntries gave, the last batch of each producer', () => {
    const written = statesAfter(batch(0, 0), batch(1, 1, 2), batch(3, 0, 1, { producerId: producerId(8) }));
    const states = new ProducerStates();
    states.truncateFullyAndStartAt(offset(4));
    states.load(written.snapshotEntries(), 1000, 500);
    expect(states.endOffset).toBe(4);
    expect(states.snapshotEntries()).toEqual(written.snapshotEntries());
    expect(states.check(batch(9, 1, 2))).toEqual({ kind: 'duplicate', firstOffset: 1, lastOffset: 2, timestamp: 1000 });
    expect(() => states.check(batch(9, 0))).toThrow('3 was to come');
  });

  it('leaves out the expired, save those in a transaction', () => {
    const open = batch(1, 0, 1, { producerId: producerId(8), transactional: true });
    const states = new ProducerStates();
    states.load(statesAfter(batch(0, 0), open).snapshotEntries(), 1500, 500);
    expect(states.snapshotEntries().map((entry) => entry.producerId)).toEqual([8]);
    expect(states.firstUnstableOffset).toBe(1);
  });
});

describe('truncateFullyAndStartAt', () => {
  it('forgets everything and starts at the offset, be it lower', () => {
    const states = statesAfter(batch(10, 0, 1, { transactional: true }));
    states.truncateFullyAndStartAt(offset(4));
    expect(states).toMatchObject({ isEmpty: true, endOffset: 4, firstUnstableOffset: undefined });
  });
});
