export * from './checkpoint/clean-shutdown.ts';
export * from './checkpoint/leader-epoch-checkpoint.ts';
export * from './checkpoint/meta-properties.ts';
export * from './checkpoint/offset-checkpoint.ts';
export * from './checkpoint/partition-metadata.ts';
export type { FlushPolicy } from './commit/log-writer.ts';
export * from './epoch/leader-epoch-cache.ts';
export * from './file-names.ts';
export { HandlePool } from './files/handle-pool.ts';
export * from './fs/file-system.ts';
export { nodeFileSystem } from './fs/node-file-system.ts';
export { readFully } from './fs/read-fully.ts';
export { type SystemError, systemError } from './fs/system-error.ts';
export { writeFully } from './fs/write-fully.ts';
export { decodeOffsetIndex, OFFSET_INDEX_ENTRY_BYTES, type OffsetPosition } from './index-file/offset-index.ts';
export { decodeTimeIndex, TIME_INDEX_ENTRY_BYTES, type TimestampOffset } from './index-file/time-index.ts';
export {
  NonMonotonicOffsetError,
  OffsetGapError,
  OffsetLimitError,
  UnexpectedOffsetError,
} from './log/append-errors.ts';
export { Log } from './log/log.ts';
export * from './log/log-answers.ts';
export type { LogRead } from './log/read-log.ts';
export type { Cut } from './log/recover-segments.ts';
export type { TimestampMatch } from './log/search-timestamp.ts';
export { deleteBefore, truncateFullyAndStartAt, truncateTo } from './log/truncation.ts';
export * from './malformed-file-error.ts';
export { type LogDir, LogDirLockedError, type UnusableLog } from './manager/log-dir.ts';
export { LogManager, type LogManagerOptions } from './manager/log-manager.ts';
export { decodeProducerSnapshot, type ProducerSnapshotEntry } from './producer/producer-snapshot.ts';
export { type BatchVisitor, type ScanDepth, type ScanEnd, scanBatches } from './segment/scan.ts';
export * from './storage-errors.ts';
export { type AbortedTransaction, decodeTransactionIndex } from './transaction/aborted-transactions.ts';
