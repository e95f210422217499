import { describe, expect, it } from 'vitest';
import { advanced, firstSequence, inNextEpoch } from '../../src/producer/sequence.ts';

const sequence = firstSequence({ producerId: 5, epoch: 3 });

describe('a sequence', () => {
  it('goes on by the number of records', () => {
    expect(advanced(advanced(sequence, 3), 4)).toEqual({ producerId: 5, epoch: 3, next: 7 });
  });

  it('goes from the largest int32 to 0, in the middle of a batch, too', () => {
    expect(advanced({ ...sequence, next: 2 ** 31 - 1 }, 1).next).toBe(0);
    expect(advanced({ ...sequence, next: 2 ** 31 - 2 }, 5).next).toBe(3);
  });

  it('begins at 0 in the next epoch', () => {
    expect(inNextEpoch(advanced(sequence, 3))).toEqual({ producerId: 5, epoch: 4, next: 0 });
  });

  it('needs another id when the epochs are used up', () => {
    expect(inNextEpoch({ ...sequence, epoch: 32_766 })).toBeUndefined();
  });
});
