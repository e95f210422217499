/**
 * The records of `__consumer_offsets`. The version in front of the key tells what the record is: 0 and 1 a committed
 * offset, 2 a group; higher ones belong to group protocols that are not kept here.
 */
import type { InputOf } from '../schema/field.ts';
import { GroupMetadataKey, GroupMetadataValue } from './group-metadata.ts';
import { OffsetCommitKey, OffsetCommitValue } from './offset-commit.ts';
import { decodeVersioned, encodeVersioned, type Versioned, versionOf } from './versioned.ts';

export type OffsetsRecord =
  | {
      readonly type: 'offset-commit';
      readonly key: Versioned<OffsetCommitKey>;
      /** null: the offset is deleted. */
      readonly value: Versioned<OffsetCommitValue> | null;
    }
  | {
      readonly type: 'group-metadata';
      readonly key: Versioned<GroupMetadataKey>;
      /** null: the group is deleted. */
      readonly value: Versioned<GroupMetadataValue> | null;
    }
  | { readonly type: 'unknown'; readonly keyVersion: number };

/** Key and value of a record that is to be appended. */
export type KeyAndValue = { readonly key: Buffer; readonly value: Buffer | null };

const OFFSET_KEY_VERSION = 1;
const OFFSET_VALUE_VERSION = 3;
/** The only version that can say when an offset expires. */
const EXPIRING_OFFSET_VALUE_VERSION = 1;
const GROUP_KEY_VERSION = 2;
const GROUP_VALUE_VERSION = 3;

/** Throws MalformedMessageError (CORRUPT_MESSAGE); UnsupportedMessageVersionError for an unknown version of a value. */
export const decodeOffsetsRecord = (key: Buffer, value: Buffer | null): OffsetsRecord => {
  const keyVersion = versionOf(key, 'key in __consumer_offsets', 'CORRUPT_MESSAGE');
  switch (keyVersion) {
    case 0:
    case OFFSET_KEY_VERSION:
      return {
        type: 'offset-commit',
        key: decodeVersioned(OffsetCommitKey, key),
        value: value && decodeVersioned(OffsetCommitValue, value),
      };
    case GROUP_KEY_VERSION:
      return {
        type: 'group-metadata',
        key: decodeVersioned(GroupMetadataKey, key),
        value: value && decodeVersioned(GroupMetadataValue, value),
      };
    default:
      return { type: 'unknown', keyVersion };
  }
};

/**
 * The record of a committed offset, or without a value the one that deletes it, in the versions that Kafka 3.9 writes:
 * one with an `expireTimestamp` goes back to version 1, which has no leader epoch.
 */
export const encodeOffsetCommit = (
  key: InputOf<typeof OffsetCommitKey>,
  value: InputOf<typeof OffsetCommitValue> | null,
): KeyAndValue => {
  const expires = (value?.expireTimestamp ?? -1n) !== -1n;
  const version = expires ? EXPIRING_OFFSET_VALUE_VERSION : OFFSET_VALUE_VERSION;
  return {
    key: encodeVersioned(OffsetCommitKey, OFFSET_KEY_VERSION, key),
    value: value && encodeVersioned(OffsetCommitValue, version, value),
  };
};

/** The record of a group, or without a value the one that deletes it, in the versions that Kafka 3.9 writes. */
export const encodeGroupMetadata = (
  key: InputOf<typeof GroupMetadataKey>,
  value: InputOf<typeof GroupMetadataValue> | null,
): KeyAndValue => ({
  key: encodeVersioned(GroupMetadataKey, GROUP_KEY_VERSION, key),
  value: value && encodeVersioned(GroupMetadataValue, GROUP_VALUE_VERSION, value),
});
