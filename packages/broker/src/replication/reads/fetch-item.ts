import { type ErrorName, KafkaError, type Offset } from '@barnabas/model';
import { BATCH_HEADER_BYTES, batchBytesOf } from '@barnabas/protocol';
import { isLogDamage, type Log, type LogRead, OffsetOutOfRangeError, type ReadIsolation } from '@barnabas/storage';
import type { Logger } from '../../logger.ts';
import { readFault } from '../find-partition.ts';
import type { Partition } from '../partition/partition.ts';
import type { FetchedPartition, FetchPartition, FetchSpec, ReplicaNews } from '../replicas.ts';
import { type Agreement, agreementOn } from './divergence.ts';

/** Where a fetch stands in one of its partitions. */
export type Standing =
  | { readonly kind: 'fault'; readonly error: ErrorName }
  | { readonly kind: 'diverge'; readonly agreement: Agreement & { kind: 'diverge' }; readonly log: Log }
  | { readonly kind: 'outOfRange'; readonly log: Log }
  /** What may be read ends at `readableEnd`; nothing can be read where the fetch begins there. */
  | { readonly kind: 'readable'; readonly log: Log; readonly readableEnd: Offset };

const NO_RECORDS: readonly Uint8Array[] = [];

/** One partition of a fetch. */
export class FetchItem {
  readonly asked: FetchPartition;
  readonly partition: Partition | ErrorName;
  readonly #isolation: ReadIsolation;
  readonly #logger: Logger;
  /** Where in the log the last read found the offset. */
  #place: Pick<LogRead, 'segmentBaseOffset' | 'position'> | undefined;

  constructor(asked: FetchPartition, partition: Partition | ErrorName, spec: FetchSpec, logger: Logger) {
    this.asked = asked;
    this.partition = partition;
    this.#logger = logger;
    if (spec.replica !== undefined) this.#isolation = 'logEnd';
    else this.#isolation = spec.isolation === 'read_committed' ? 'lastStable' : 'highWatermark';
  }

  /** As it is now; it may be another one after every await. */
  standing(): Standing {
    const { partition, asked } = this;
    if (typeof partition === 'string') return { kind: 'fault', error: partition };
    const error = readFault(partition, asked.currentLeaderEpoch, true);
    if (error !== undefined) return { kind: 'fault', error };
    const { log } = partition;
    if (log === undefined) return { kind: 'fault', error: 'NOT_LEADER_OR_FOLLOWER' };
    const agreement = agreementOn(log, asked.fetchOffset, asked.lastFetchedEpoch);
    if (agreement.kind === 'diverge') return { kind: 'diverge', agreement, log };
    if (agreement.kind === 'outOfRange') return { kind: 'outOfRange', log };
    return { kind: 'readable', log, readableEnd: this.#readableEnd(log) };
  }

  /** Whether the news may be what the fetch waits for. */
  mayCareFor(news: ReplicaNews): boolean {
    if (news === 'role') return true;
    return news === (this.#isolation === 'logEnd' ? 'records' : 'watermarks');
  }

  /** No fewer bytes than a read would answer now. */
  bytesAtMost({ log, readableEnd }: Standing & { kind: 'readable' }): number {
    if (readableEnd <= this.asked.fetchOffset) return 0;
    if (this.#place === undefined) return Number.POSITIVE_INFINITY;
    const { baseOffset, sizeBytes } = log.parts.segments.active;
    return baseOffset === this.#place.segmentBaseOffset ? sizeBytes - this.#place.position : Number.POSITIVE_INFINITY;
  }

  /** Whether what was read is all that a read will ever answer: the log goes on in another segment. */
  endsWithSegment({ log, readableEnd }: Standing & { kind: 'readable' }): boolean {
    const { segments } = log.parts;
    const last = segments.all[segments.floorIndex(readableEnd)];
    return this.#place !== undefined && last !== undefined && this.#place.segmentBaseOffset < last.baseOffset;
  }

  /** Reads, and looks again how things stand: a role may have changed, or the log been cut, meanwhile. */
  async read(
    { log }: Standing & { kind: 'readable' },
    maxBytes: number,
    minOneBatch: boolean,
  ): Promise<FetchedPartition> {
    try {
      const read = await log.read(this.asked.fetchOffset, { maxBytes, isolation: this.#isolation, minOneBatch });
      const bytes = wholeBatches(read.bytes);
      const isTransactional = this.#isolation === 'lastStable' && bytes.length > 0;
      const aborted = isTransactional ? await log.abortedTransactions(this.asked.fetchOffset, read) : [];
      const after = this.standing();
      if (after.kind !== 'readable' || after.log !== log) return this.answer(after);
      this.#place = read;
      return {
        ...this.answer(after),
        records: bytes.length > 0 ? [bytes] : NO_RECORDS,
        abortedTransactions:
          this.#isolation === 'lastStable'
            ? aborted.map(({ producerId, firstOffset }) => ({ producerId: BigInt(producerId), firstOffset }))
            : undefined,
      };
    } catch (error) {
      return this.#failed(error, log);
    }
  }

  /** The answer without records. */
  answer(standing: Standing): FetchedPartition {
    if (standing.kind === 'fault') return this.#answerOf(standing.error, undefined);
    if (standing.kind === 'outOfRange') return this.#answerOf('OFFSET_OUT_OF_RANGE', standing.log);
    const answer = this.#answerOf(undefined, standing.log);
    if (standing.kind === 'readable') return answer;
    const { epoch, endOffset } = standing.agreement;
    return { ...answer, divergingEpoch: { epoch, endOffset } };
  }

  #answerOf(error: ErrorName | undefined, log: Log | undefined): FetchedPartition {
    const { topic, partition, topicId } = this.asked;
    return {
      topic,
      partition,
      topicId,
      error,
      highWatermark: log?.highWatermark ?? -1,
      lastStableOffset: log?.lastStableOffset ?? -1,
      logStartOffset: log?.startOffset ?? -1,
      divergingEpoch: undefined,
      abortedTransactions: this.#isolation === 'lastStable' ? [] : undefined,
      records: NO_RECORDS,
    };
  }

  #failed(error: unknown, log: Log): FetchedPartition {
    if (error instanceof OffsetOutOfRangeError) return this.#answerOf('OFFSET_OUT_OF_RANGE', log);
    if (isLogDamage(error) && typeof this.partition !== 'string') this.partition.onDamage(log, error);
    if (error instanceof KafkaError) return this.#answerOf(error.error, undefined);
    this.#logger.error({ err: error, partition: log.name }, 'a read failed unexpectedly');
    return this.#answerOf('UNKNOWN_SERVER_ERROR', undefined);
  }

  #readableEnd(log: Log): Offset {
    const written = log.writtenEndOffset;
    if (this.#isolation === 'logEnd') return written;
    const committed = this.#isolation === 'lastStable' ? log.lastStableOffset : log.highWatermark;
    return committed < written ? committed : written;
  }
}

/** Without the last batch where a limit has cut it off. */
const wholeBatches = (bytes: Buffer): Buffer => {
  let end = 0;
  while (end + BATCH_HEADER_BYTES <= bytes.length && end + batchBytesOf(bytes, end) <= bytes.length) {
    end += batchBytesOf(bytes, end);
  }
  return end === bytes.length ? bytes : bytes.subarray(0, end);
};
