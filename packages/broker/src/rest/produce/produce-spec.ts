import type { ErrorName, ProducerId } from '@barnabas/model';
import type { Acks } from '../../replication/replicas.ts';
import type { RecordToProduce } from '../records/record-to-produce.ts';

/** An idempotent producer, and the sequence number of the first record. */
export type ProducerSequence = { readonly id: ProducerId; readonly epoch: number; readonly sequence: number };

export type ProduceSpec = {
  readonly topic: string;
  readonly records: readonly RecordToProduce[];
  /** For all records, whatever they say. */
  readonly partition: number | undefined;
  readonly acks: Acks;
  readonly timeoutMs: number;
  /** Then all records are one batch of one partition. */
  readonly producer: ProducerSequence | undefined;
  /** Where the first record has to come, and then all of them are one batch of one partition; undefined for anywhere. */
  readonly expectedOffset: number | undefined;
  /** Aborted when the asker is gone: what is under way goes on, nothing is tried again. */
  readonly signal: AbortSignal;
};

/** What became of one record. */
export type RecordOutcome =
  | {
      readonly kind: 'appended';
      readonly partition: number;
      /** -1 where it is not known: nobody waited. */
      readonly offset: number;
      readonly timestamp: number;
    }
  | {
      readonly kind: 'failed';
      readonly partition: number;
      readonly error: ErrorName;
      readonly message: string;
      /** Whether it may be in the log all the same. */
      readonly mayBeAppended: boolean;
    };
