/** Consumer groups of the classic protocol in `__consumer_offsets`. A key without a value deletes the group. */
import { array, bytes, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { logRecord } from '../schema/message.ts';

/** Versions 0 and 1 of a key in this topic are those of `OffsetCommitKey`. */
export const GroupMetadataKey = logRecord('GroupMetadataKey', '2', 'none', { group: string('2') });
export type GroupMetadataKey = TypeOf<typeof GroupMetadataKey>;

const MemberMetadata = struct({
  memberId: string('0+'),
  groupInstanceId: string('3+', { nullable: '3+', default: null, ignorable: true }),
  clientId: string('0+'),
  clientHost: string('0+'),
  rebalanceTimeout: int32('1+', { ignorable: true }),
  sessionTimeout: int32('0+'),
  subscription: bytes('0+'),
  assignment: bytes('0+'),
});

export const GroupMetadataValue = logRecord('GroupMetadataValue', '0-4', '4+', {
  protocolType: string('0+'),
  generation: int32('0+'),
  protocol: string('0+', { nullable: '0+' }),
  leader: string('0+', { nullable: '0+' }),
  currentStateTimestamp: int64('2+', { default: -1n, ignorable: true }),
  members: array('0+', MemberMetadata),
});
export type GroupMetadataValue = TypeOf<typeof GroupMetadataValue>;
