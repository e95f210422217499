import { leaderEpoch, type Offset, offset, producerId } from '@barnabas/model';
import fc from 'fast-check';
import type { BatchInput, RecordInput } from '../../src/record/batch-builder.ts';
import { CODECS } from '../../src/record/batch-header.ts';

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const nullableBytes = (maxLength: number): fc.Arbitrary<Buffer | null> => fc.option(bytes(maxLength));

/** Epoch ms, mostly near each other, now and then as far apart as the format allows. */
const timestamp = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 2 ** 52) },
);

const record = fc.record({
  timestamp,
  key: nullableBytes(40),
  value: nullableBytes(300),
  headers: fc.array(fc.record({ key: fc.string({ unit: 'binary', maxLength: 10 }), value: nullableBytes(20) }), {
    maxLength: 3,
  }),
  gap: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(100_000) }),
});

type Drawn = Omit<RecordInput, 'offset'> & { readonly gap: number };

const placed = (baseOffset: Offset, drawn: readonly Drawn[]): RecordInput[] => {
  let next: number = baseOffset;
  return drawn.map(({ gap, ...content }) => {
    const place = offset(next + gap);
    next = place + 1;
    return { ...content, offset: place };
  });
};

/** Batches as a broker may have them: with gaps between offsets, and any codec, producer and epoch. */
export const arbitraryBatch: fc.Arbitrary<BatchInput> = fc
  .record({
    baseOffset: fc
      .oneof(
        fc.nat(),
        fc.maxSafeNat().map((n) => Math.floor(n / 2)),
      )
      .map(offset),
    leaderEpoch: fc.nat().map(leaderEpoch),
    codec: fc.constantFrom(...CODECS),
    producerId: fc.maxSafeNat().map(producerId),
    producerEpoch: fc.nat(0x7fff),
    baseSequence: fc.nat(0x7fff_ffff),
    transactional: fc.boolean(),
    drawn: fc.array(record, { minLength: 1, maxLength: 20 }),
  })
  .map(({ drawn, ...batch }) => ({ ...batch, records: placed(batch.baseOffset, drawn) }));
