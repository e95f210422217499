import { describe, expect, it } from 'vitest';
import { fetcherSlot } from '../../../src/replication/fetcher/fetcher-slot.ts';

describe('fetcherSlot', () => {
  it('is Kafka’s: 31 times Java’s hash of the topic, and the partition', () => {
    // "a".hashCode() is 97, "kafka".hashCode() is 101807910.
    expect(fetcherSlot({ topic: 'a', partition: 2 }, 1000)).toBe((31 * 97 + 2) % 1000);
    const product = Number(BigInt.asIntN(32, 31n * 101807910n));
    expect(product).toBeLessThan(0);
    expect(fetcherSlot({ topic: 'kafka', partition: 0 }, 7)).toBe(-product % 7);
  });

  it('is the only one where there is one', () => {
    expect(fetcherSlot({ topic: '__consumer_offsets', partition: 49 }, 1)).toBe(0);
  });
});
