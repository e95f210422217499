import { describe, expect, it } from 'vitest';
import { murmur2, partitionForKey } from '../../../src/rest/produce/murmur2.ts';

describe('murmur2', () => {
  /** Those of Kafka's UtilsTest. */
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])("gives of %s what Kafka's gives", (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('makes a partition of any hash, also a negative one', () => {
    expect(partitionForKey(Buffer.from('21'), 1000)).toBe((-973932308 & 0x7fffffff) % 1000);
    expect(partitionForKey(Buffer.alloc(0), 7)).toBeGreaterThanOrEqual(0);
  });
});
