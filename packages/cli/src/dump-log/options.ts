import type { RecordDecoder } from './record-text.ts';

export type DumpLogOptions = {
  readonly files: readonly string[];
  /** Lines for records, below those of their batches. */
  readonly deepIteration: boolean;
  /** What records hold is printed with it; undefined: it is not printed. */
  readonly decoder: RecordDecoder | undefined;
  /** Lines that are printed before each log. */
  readonly notices: readonly string[];
  readonly skipRecordMetadata: boolean;
  /** How much of each log is read; undefined: all of it. */
  readonly maxBytes: number | undefined;
  /** Of index files: only what does not fit the log. */
  readonly verifyIndexOnly: boolean;
  /** Of index files: only whether a broker would rebuild them. */
  readonly indexSanityCheck: boolean;
  /** No batch that an index points to is larger. */
  readonly maxMessageSizeBytes: number;
};
