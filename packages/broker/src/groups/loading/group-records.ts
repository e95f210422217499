import type { Offset } from '@barnabas/model';
import {
  batchesIn,
  decodeOffsetsRecord,
  isControl,
  isTransactional,
  type LogRecord,
  nextOffsetOf,
  type OffsetsRecord,
  producerIdOf,
  readControlRecord,
  records,
} from '@barnabas/protocol';
import type { Logger } from '../../logger.ts';
import { PendingTransactions } from './pending-transactions.ts';

/**
 * What the batches of a partition of the offsets topic say, in the order in which it counts. Batches are to be given in the order of
 * the log. What cannot be read is logged and passed over: the groups beside it are not to be lost with it.
 */
export class GroupRecords {
  readonly #log: Logger;
  readonly #name: string;
  readonly #transactions = new PendingTransactions();

  constructor(name: string, log: Logger) {
    this.#name = name;
    this.#log = log;
  }

  /** Of whole batches, from offset `from` on; after each record of the log it yields what counts now, which may be nothing. */
  *read(bytes: Buffer, from: Offset): Generator<readonly OffsetsRecord[], Offset, undefined> {
    let next = from;
    for (const at of batchesIn(bytes)) {
      try {
        for (const record of records(bytes, at)) if (record.offset >= from) yield this.#meaningOf(record, bytes, at);
      } catch (err) {
        this.#passOver(err, next);
      }
      next = nextOffsetOf(bytes, at);
    }
    return next;
  }

  #meaningOf(record: LogRecord, bytes: Buffer, at: number): readonly OffsetsRecord[] {
    try {
      if (isControl(bytes, at)) return this.#ended(record, bytes, at);
      const decoded = decodedCopy(record);
      if (decoded === undefined || decoded.type === 'unknown') return [];
      if (decoded.type === 'group-metadata') return [decoded];
      if (isTransactional(bytes, at)) {
        this.#transactions.add(producerIdOf(bytes, at), decoded);
        return [];
      }
      this.#transactions.passBy(decoded);
      return [decoded];
    } catch (err) {
      this.#passOver(err, record.offset);
      return [];
    }
  }

  #ended(record: LogRecord, bytes: Buffer, at: number): readonly OffsetsRecord[] {
    const { kind } = readControlRecord(record);
    return kind === 'other' ? [] : this.#transactions.end(producerIdOf(bytes, at), kind);
  }

  #passOver(err: unknown, offset: Offset): void {
    this.#log.error({ err, partition: this.#name, offset }, 'a record of groups cannot be read, and is passed over');
  }
}

/** Copied out of what was read, so that a member's few bytes do not keep all of that in memory. */
const decodedCopy = ({ key, value }: LogRecord): OffsetsRecord | undefined =>
  key === null ? undefined : decodeOffsetsRecord(key, value && Buffer.from(value));
