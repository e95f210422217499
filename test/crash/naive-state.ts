/** What a partition's batches amount to, worked out in the simplest way: from the first to the last, every time. */
import type { ModelBatch } from './model-log.ts';

export type NaiveProducer = {
  readonly epoch: number;
  readonly lastSequence: number;
  readonly lastBatch: ModelBatch | undefined;
  /** Base offset of the first batch of the open transaction. */
  readonly openSince: number | undefined;
};

export type NaiveAbort = {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly lastStableOffset: number;
  /** Base offset of the oldest batch that the entry depends on. */
  readonly dependsOn: number;
};

export type NaiveState = {
  readonly producers: ReadonlyMap<number, NaiveProducer>;
  readonly aborts: readonly NaiveAbort[];
};

export const naiveStateOf = (batches: readonly ModelBatch[]): NaiveState => {
  const producers = new Map<number, NaiveProducer>();
  const aborts: NaiveAbort[] = [];
  for (const batch of batches) {
    const { producer } = batch;
    if (producer === undefined) continue;
    const known = producers.get(producer.id);
    if (producer.marker === undefined) {
      producers.set(producer.id, {
        epoch: producer.epoch,
        lastSequence: producer.lastSequence,
        lastBatch: batch,
        openSince: producer.transactional ? (known?.openSince ?? batch.base) : undefined,
      });
      continue;
    }
    if (known === undefined) continue;
    producers.set(producer.id, { ...known, openSince: undefined });
    if (known.openSince === undefined || producer.marker === 'commit') continue;
    const others = [...producers.values()].flatMap(({ openSince }) => (openSince === undefined ? [] : [openSince]));
    aborts.push({
      producerId: producer.id,
      firstOffset: known.openSince,
      lastOffset: batch.base,
      lastStableOffset: Math.min(batch.base + 1, ...others),
      dependsOn: Math.min(known.openSince, ...others),
    });
  }
  return { producers, aborts };
};

/** Where each leader epoch begins, within a log that starts at `startOffset`. */
export const naiveEpochsOf = (
  batches: readonly ModelBatch[],
  startOffset: number,
): { epoch: number; startOffset: number }[] => {
  const entries: { epoch: number; startOffset: number }[] = [];
  for (const { epoch, base, next } of batches) {
    if (next <= startOffset || epoch <= (entries.at(-1)?.epoch ?? -1)) continue;
    entries.push({ epoch, startOffset: Math.max(base, startOffset) });
  }
  return entries;
};

/** The first record at or after a time. */
export const naiveTimestampOf = (
  batches: readonly ModelBatch[],
  timestamp: number,
  startOffset: number,
): { timestamp: number; offset: number } | undefined => {
  for (const batch of batches) {
    const index = batch.timestamps.findIndex((time, at) => time >= timestamp && batch.base + at >= startOffset);
    const found = batch.timestamps[index];
    if (found !== undefined) return { timestamp: found, offset: batch.base + index };
  }
  return undefined;
};
