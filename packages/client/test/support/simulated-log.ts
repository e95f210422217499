import type { ErrorName } from '@barnabas/model';

/** A record as the log has it. */
export type LoggedRecord = { readonly value: string; readonly timestamp: number };

type Producer = { epoch: number; readonly batches: { first: number; last: number; baseOffset: number }[] };

export type Numbered = { readonly producerId: number; readonly epoch: number; readonly sequence: number };

/** Kafka keeps as many. */
const BATCHES_KEPT = 5;

/** One partition, with Kafka's own check of sequences. */
export class SimulatedLog {
  readonly records: LoggedRecord[] = [];
  readonly #producers = new Map<number, Producer>();

  /** The offset of the first record, which is an old one where the batch is there already; or why it is refused. */
  append({ producerId, epoch, sequence }: Numbered, records: readonly LoggedRecord[]): number | ErrorName {
    const known = this.#producers.get(producerId);
    if (known !== undefined && epoch < known.epoch) return 'INVALID_PRODUCER_EPOCH';
    const last = sequence + records.length - 1;
    if (known !== undefined && epoch === known.epoch) {
      const same = known.batches.find((batch) => batch.first === sequence && batch.last === last);
      if (same !== undefined) return same.baseOffset;
      if (sequence !== (known.batches.at(-1)?.last ?? -1) + 1) return 'OUT_OF_ORDER_SEQUENCE_NUMBER';
    }
    if (known !== undefined && epoch > known.epoch && sequence !== 0) return 'OUT_OF_ORDER_SEQUENCE_NUMBER';
    const producer = known?.epoch === epoch ? known : { epoch, batches: [] };
    const baseOffset = this.records.length;
    producer.batches.push({ first: sequence, last, baseOffset });
    if (producer.batches.length > BATCHES_KEPT) producer.batches.shift();
    this.#producers.set(producerId, producer);
    this.records.push(...records);
    return baseOffset;
  }

  /** As after `producer.id.expiration.ms`. */
  forgetProducers(): void {
    this.#producers.clear();
  }
}
