import { offset, producerId } from '@barnabas/model';
import { crc32c } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inJavaHashOrder } from '../../src/producer/java-hash-order.ts';
import {
  decodeProducerSnapshot,
  encodeProducerSnapshot,
  type ProducerSnapshotEntry,
} from '../../src/producer/producer-snapshot.ts';
import { expectNoCrash, FILE, malformed } from '../checkpoint/parse-failure.ts';
import { goldenFile, goldenFiles, goldenPartitions } from '../golden-partitions.ts';

const ENTRY: ProducerSnapshotEntry = {
  producerId: producerId(2 ** 40 + 1),
  producerEpoch: 32767,
  lastBatch: { lastSequence: 2147483647, lastOffset: offset(2 ** 33), offsetDelta: 9 },
  timestamp: 1_700_000_000_000,
  coordinatorEpoch: 3,
  currentTxnFirstOffset: offset(2 ** 33 - 9),
};
const MARKER_ONLY: ProducerSnapshotEntry = {
  producerId: producerId(0),
  producerEpoch: 0,
  lastBatch: undefined,
  timestamp: -1,
  coordinatorEpoch: -1,
  currentTxnFirstOffset: undefined,
};

/** With an int32 put into a byte position, and the checksum right again. */
const withInt32 = (value: number, at: number) => (bytes: Buffer) => {
  bytes.writeInt32BE(value, at);
  return sealed(bytes);
};

/** With the checksum that belongs to the bytes. */
const sealed = (bytes: Buffer): Buffer => {
  bytes.writeUInt32BE(crc32c(bytes.subarray(6)), 2);
  return bytes;
};

describe("Kafka's snapshots", () => {
  it('hold what Kafka read', () => {
    const existing = new Set(goldenFiles('{cluster,unclean,compaction}/**/*.snapshot'));
    let compared = 0;
    for (const { dir, snapshots } of goldenPartitions()) {
      for (const { file, entries } of snapshots) {
        const path = `${dir}/${file}`;
        if (!existing.has(path)) continue;
        const decoded = decodeProducerSnapshot(goldenFile(path), path);
        expect(decoded).toEqual(
          entries.map((entry) => ({
            producerId: entry.producerId,
            producerEpoch: entry.producerEpoch,
            lastBatch:
              entry.lastOffset < 0
                ? undefined
                : {
                    lastSequence: entry.lastSequence,
                    lastOffset: entry.lastOffset,
                    offsetDelta: entry.offsetDelta,
                  },
            timestamp: entry.timestamp,
            coordinatorEpoch: entry.coordinatorEpoch,
            currentTxnFirstOffset: entry.currentTxnFirstOffset < 0 ? undefined : entry.currentTxnFirstOffset,
          })),
        );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  it('are written back as the same bytes, from entries in any order', () => {
    let damaged = 0;
    for (const path of goldenFiles('{cluster,unclean,compaction}/**/*.snapshot')) {
      const bytes = goldenFile(path);
      if (path.includes('snapshot-corrupt/input') && crc32c(bytes.subarray(6)) !== bytes.readUInt32BE(2)) {
        expect(malformed(() => decodeProducerSnapshot(bytes, path)).reason).toContain('checksum');
        damaged++;
        continue;
      }
      const entries = decodeProducerSnapshot(bytes, path);
      expect(encodeProducerSnapshot(entries), path).toEqual(bytes);
      const byHash = inJavaHashOrder(entries, (entry) => entry.producerId);
      expect(encodeProducerSnapshot(byHash), path).toEqual(bytes);
    }
    expect(damaged).toBe(1);
  });
});

describe('encodeProducerSnapshot', () => {
  it('is undone by decodeProducerSnapshot', () => {
    expect(decodeProducerSnapshot(encodeProducerSnapshot([ENTRY, MARKER_ONLY]), FILE)).toEqual([ENTRY, MARKER_ONLY]);
    expect(encodeProducerSnapshot([])).toHaveLength(10);
  });

  it('takes any time that a client may send', () => {
    for (const timestamp of [2 ** 63, -(2 ** 63), 2 ** 60]) {
      const [decoded] = decodeProducerSnapshot(encodeProducerSnapshot([{ ...ENTRY, timestamp }]), FILE);
      expect(decoded?.timestamp).toBe(Math.min(timestamp, 2 ** 63 - 1024));
    }
  });
});

describe('decodeProducerSnapshot', () => {
  const good = () => encodeProducerSnapshot([ENTRY, MARKER_ONLY]);

  it('refuses any flipped bit', () => {
    fc.assert(
      fc.property(fc.nat(good().length * 8 - 1), (bit) => {
        const bytes = good();
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(malformed(() => decodeProducerSnapshot(bytes, FILE)).file).toBe(FILE);
      }),
    );
  });

  it.each<[string, (bytes: Buffer) => Buffer, number]>([
    ['a part of the header', (bytes) => bytes.subarray(0, 9), 9],
    ['another version', (bytes) => Buffer.from(bytes.fill(2, 1, 2)), 0],
    ['a part of an entry', (bytes) => sealed(Buffer.from(bytes.subarray(0, -1))), 6],
    ['bytes after the entries', (bytes) => sealed(Buffer.concat([bytes, Buffer.alloc(46)])), 6],
    ['a huge count', withInt32(2147483647, 6), 6],
    ['a negative count', withInt32(-1, 6), 6],
    ['a negative producer id', withInt32(-1, 10), 10],
    ['an offset beyond 2^53', withInt32(0x7fffffff, 10 + 14), 24],
    ['an offset below -1', withInt32(-2, 10 + 38), 48],
  ])('refuses %s', (_, damage, byte) => {
    const error = malformed(() => decodeProducerSnapshot(damage(good()), FILE));
    expect(error).toMatchObject({ file: FILE, position: { byte } });
  });

  it('never breaks on random or changed bytes, be their checksum right or wrong', () => {
    expectNoCrash(good(), decodeProducerSnapshot);
    expectNoCrash(good(), (bytes, file) => decodeProducerSnapshot(bytes.length < 6 ? bytes : sealed(bytes), file));
  });
});

describe('inJavaHashOrder', () => {
  const ordered = (...keys: number[]) => inJavaHashOrder(keys, (key) => key);

  it('goes by bucket of 16, and in a bucket by age', () => {
    expect(ordered(1002, 4, 3, 70001)).toEqual([70001, 3, 4, 1002]);
    expect(ordered(33, 17, 1, 0)).toEqual([0, 33, 17, 1]);
  });

  it('uses 32 buckets for more than 12', () => {
    const twelve = Array.from({ length: 11 }, (_, i) => i);
    expect(ordered(16, ...twelve)).toEqual([16, ...twelve].sort((a, b) => (a % 16) - (b % 16)));
    expect(ordered(16, ...twelve, 11)).toEqual([...twelve, 11, 16]);
  });

  it('mixes the upper half of an int64 in, as Java does', () => {
    // (5 * 2^32 + 7) hashes to 5 ^ 7 = 2.
    expect(ordered(3, 5 * 2 ** 32 + 7, 1)).toEqual([1, 5 * 2 ** 32 + 7, 3]);
  });
});
