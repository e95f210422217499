import { KafkaError } from '@barnabas/model';
import {
  CONSUMER_PROTOCOL_TYPE,
  CONSUMER_PROTOCOL_VERSION,
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
  decodeOffsetsRecord,
  decodeSubscription,
  formatKafkaJson,
  GroupMetadataKey,
  GroupMetadataValue,
  type KafkaJson,
  MalformedMessageError,
  OffsetCommitKey,
  OffsetCommitValue,
  type OffsetsRecord,
  toKafkaJson,
  UnsupportedMessageVersionError,
  type Versioned,
} from '@barnabas/protocol';
import type { RecordDecoder, RecordText } from './record-text.ts';

const DELETED = '<DELETE>';
const VERSION_BYTES = 2;

/**
 * Records of `__consumer_offsets` as JSON. What cannot be decoded is said in place of the key, and the dump goes on; only
 * a record without a key ends it. Throws KafkaError INVALID_RECORD for that.
 */
export const offsetsDecoder: RecordDecoder = ({ offset, key, value }) => {
  if (key === null) throw new KafkaError('INVALID_RECORD', `no key at offset ${offset}, so no record of a group`);
  try {
    return textOf(decodeOffsetsRecord(key, value), `at offset ${offset}, skipping.`);
  } catch (error) {
    return { key: `Error at offset ${offset}, skipping. ${reasonOf(error, key, value)}`, payload: undefined };
  }
};

type DecodingError = MalformedMessageError | UnsupportedMessageVersionError;

const isDecodingError = (error: unknown): error is DecodingError =>
  error instanceof MalformedMessageError || error instanceof UnsupportedMessageVersionError;

/** In Kafka's words, but for what was wrong within key or value. Throws what is no error of decoding. */
const reasonOf = (error: unknown, key: Buffer, value: Buffer | null): string => {
  if (!isDecodingError(error)) throw error;
  if (key.length < VERSION_BYTES) return "Could not read version from key's buffer.";
  const isKey = value === null || (error instanceof MalformedMessageError && error.place.messageName.endsWith('Key'));
  if (isKey)
    return `Could not read record with version ${key.readInt16BE(0)} from key's buffer due to: ${error.message}.`;
  if (value.length < VERSION_BYTES) return "Could not read version from value's buffer.";
  return `Could not read record with version ${value.readInt16BE(0)} from value's buffer due to: ${error.message}.`;
};

const textOf = (record: OffsetsRecord, place: string): RecordText => {
  switch (record.type) {
    case 'offset-commit': {
      const { key, value } = record;
      return {
        key: keyText(key.version, toKafkaJson(OffsetCommitKey, key.version, key.data)),
        payload: value ? valueText(value.version, toKafkaJson(OffsetCommitValue, value.version, value.data)) : DELETED,
      };
    }
    case 'group-metadata': {
      const { key, value } = record;
      return {
        key: keyText(key.version, toKafkaJson(GroupMetadataKey, key.version, key.data)),
        payload: value ? valueText(value.version, groupJson(value)) : DELETED,
      };
    }
    case 'unknown':
      return { key: `Unknown record type ${record.keyVersion} ${place}`, payload: undefined };
  }
};

const keyText = (version: number, data: KafkaJson): string => formatKafkaJson({ type: String(version), data });
const valueText = (version: number, data: KafkaJson): string => formatKafkaJson({ version: String(version), data });

/** A group, with what its members said spelt out where it is of the consumer protocol, and in base64 where it is not. */
const groupJson = ({ version, data }: Versioned<GroupMetadataValue>): KafkaJson => {
  const json = toKafkaJson(GroupMetadataValue, version, data);
  if (data.protocolType !== CONSUMER_PROTOCOL_TYPE) return json;
  const members = data.members.map((member, index) => ({
    ...(json.members as readonly { readonly [name: string]: KafkaJson }[])[index],
    subscription: consumerJson(ConsumerProtocolSubscription, decodeSubscription, member.subscription),
    assignment: consumerJson(ConsumerProtocolAssignment, decodeAssignment, member.assignment),
  }));
  return { ...json, members };
};

const consumerJson = <T>(
  schema: Parameters<typeof toKafkaJson<T, T>>[0],
  decode: (bytes: Buffer) => Versioned<T>,
  bytes: Buffer,
): KafkaJson => {
  try {
    const { version, data } = decode(bytes);
    return toKafkaJson(schema, Math.min(version, CONSUMER_PROTOCOL_VERSION), data);
  } catch (error) {
    if (!isDecodingError(error)) throw error;
    return bytes.toString('base64');
  }
};
