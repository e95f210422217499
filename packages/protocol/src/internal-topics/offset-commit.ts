/** Committed offsets in `__consumer_offsets`. A key without a value deletes the offset. */
import { int32, int64, string, type TypeOf } from '../schema/field.ts';
import { logRecord } from '../schema/message.ts';

/** Both versions are the same; 1 is the one that is written. */
export const OffsetCommitKey = logRecord('OffsetCommitKey', '0-1', 'none', {
  group: string('0+'),
  topic: string('0+'),
  partition: int32('0+'),
});
export type OffsetCommitKey = TypeOf<typeof OffsetCommitKey>;

export const OffsetCommitValue = logRecord('OffsetCommitValue', '0-4', '4+', {
  offset: int64('0+'),
  leaderEpoch: int32('3+', { default: -1, ignorable: true }),
  metadata: string('0+'),
  commitTimestamp: int64('0+'),
  expireTimestamp: int64('1', { default: -1n, ignorable: true }),
});
export type OffsetCommitValue = TypeOf<typeof OffsetCommitValue>;
