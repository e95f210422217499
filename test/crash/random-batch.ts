import { leaderEpoch, offset, producerId, type Random } from '@barnabas/model';
import { advanceSequence, buildBatch, buildEndTransactionMarker, CODECS, stampBatch } from '@barnabas/protocol';
import { chance, pick } from '@barnabas/testkit';
import type { BatchProducer, ModelBatch } from './model-log.ts';
import type { NaiveProducer, NaiveState } from './naive-state.ts';

/** Where a batch goes. */
export type Place = {
  readonly base: number;
  readonly startOffset: number;
  readonly epoch: number;
  readonly nowMs: number;
  readonly segmentBytes: number;
};

const FIRST_EPOCH = 3;
const IDEMPOTENT_IDS = [11, 12];
const TRANSACTIONAL_IDS = [21, 22];

/** A batch that some producer may send now: with no id, idempotent, or in a transaction; or the end of a transaction. */
export const randomBatch = (random: Random, state: NaiveState, place: Place): ModelBatch => {
  const open = TRANSACTIONAL_IDS.filter((id) => state.producers.get(id)?.openSince !== undefined);
  if (open.length > 0 && chance(random, 0.3)) return marker(random, pick(random, open), state, place);
  const id = pick(random, [undefined, undefined, ...IDEMPOTENT_IDS, ...TRANSACTIONAL_IDS]);
  if (id === undefined) return dataBatch(random, undefined, place);
  const next = nextSequence(random, state.producers.get(id), place.startOffset);
  return dataBatch(random, { id, ...next, transactional: TRANSACTIONAL_IDS.includes(id) }, place);
};

/** The batch of a producer after `last` with a sequence missing in between. */
export const batchAfterGap = (last: ModelBatch, producer: BatchProducer, nowMs: number): Buffer =>
  buildBatch({
    records: [{ timestamp: nowMs, key: null, value: Buffer.from(`after ${last.base}`), headers: [] }],
    producerId: producerId(producer.id),
    producerEpoch: producer.epoch,
    baseSequence: advanceSequence(producer.lastSequence, 2),
    transactional: producer.transactional,
  });

/**
 * A producer that is not known may begin anywhere, so also just before the numbers begin anew. One whose last batch was
 * deleted may be known or not, and begins a new epoch.
 */
const nextSequence = (
  random: Random,
  known: NaiveProducer | undefined,
  startOffset: number,
): { epoch: number; first: number } => {
  if (known === undefined) return { epoch: FIRST_EPOCH, first: pick(random, [0, 2 ** 31 - 5]) };
  if ((known.lastBatch?.base ?? 0) < startOffset) return { epoch: known.epoch + 1, first: 0 };
  return { epoch: known.epoch, first: advanceSequence(known.lastSequence, 1) };
};

type Sender = { readonly id: number; readonly epoch: number; readonly first: number; readonly transactional: boolean };

const dataBatch = (random: Random, sender: Sender | undefined, place: Place): ModelBatch => {
  const timestamps = Array.from({ length: 1 + random.below(5) }, () => place.nowMs - random.below(5000));
  // A batch has to fit into a segment, with room to spare for five records.
  const valueBytes = Math.min(pick(random, [0, 10, 100, 100, 700, 3000]), Math.floor(place.segmentBytes / 6));
  const sent = buildBatch({
    records: timestamps.map((timestamp) => ({
      timestamp,
      key: null,
      value: Buffer.from(random.bytes(random.below(valueBytes + 1))),
      headers: [],
    })),
    codec: pick(random, ['none', 'none', 'none', ...CODECS]),
    ...(sender && {
      producerId: producerId(sender.id),
      producerEpoch: sender.epoch,
      baseSequence: sender.first,
      transactional: sender.transactional,
    }),
  });
  const lastSequence = advanceSequence(sender?.first ?? 0, timestamps.length - 1);
  const producer = sender && { ...sender, lastSequence, marker: undefined };
  return placed(sent, place, timestamps, producer);
};

const marker = (random: Random, id: number, state: NaiveState, place: Place): ModelBatch => {
  const epoch = state.producers.get(id)?.epoch ?? FIRST_EPOCH;
  const kind = pick(random, ['commit', 'abort', 'abort'] as const);
  const sent = buildEndTransactionMarker({
    kind,
    producerId: producerId(id),
    producerEpoch: epoch,
    coordinatorEpoch: 1,
    timestamp: place.nowMs,
  });
  const producer = { id, epoch, lastSequence: -1, transactional: true, marker: kind };
  return placed(sent, place, [place.nowMs], producer);
};

const placed = (
  sent: Buffer,
  { base, epoch }: Place,
  timestamps: readonly number[],
  producer: BatchProducer | undefined,
): ModelBatch => {
  const stored = Buffer.from(sent);
  stampBatch(stored, 0, offset(base), leaderEpoch(epoch));
  return { sent, stored, base, next: base + timestamps.length, epoch, timestamps, producer };
};
