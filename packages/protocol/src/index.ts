export * from './compression/compression.ts';
export { DecompressionError } from './compression/decompression-error.ts';
export * from './internal-topics/consumer-protocol.ts';
export * from './internal-topics/group-metadata.ts';
export * from './internal-topics/group-metadata-json.ts';
export * from './internal-topics/offset-commit.ts';
export * from './internal-topics/offsets-record.ts';
export * from './internal-topics/transaction-log.ts';
export * from './internal-topics/transaction-record.ts';
export type { Versioned } from './internal-topics/versioned.ts';
export * from './record/batch-builder.ts';
export * from './record/batch-check.ts';
export * from './record/batch-errors.ts';
export * from './record/batch-header.ts';
export * from './record/batch-reader.ts';
export * from './record/batch-walker.ts';
export * from './record/control-record.ts';
export * from './record/crc32c.ts';
export * from './record/log-append-time.ts';
export * from './record/produced-batch-check.ts';
export * from './record/record.ts';
export { ByteReader } from './schema/byte-reader.ts';
export { ByteWriter } from './schema/byte-writer.ts';
export type { InputOf, TypeOf } from './schema/field.ts';
export { ZERO_UUID } from './schema/fixed-codecs.ts';
export { JsonDouble, type KafkaJson, toKafkaJson } from './schema/kafka-json.ts';
export { formatKafkaJson } from './schema/kafka-json-text.ts';
export type { Message, Tail } from './schema/message.ts';
export {
  type FaultPlace,
  MalformedMessageError,
  UnencodableMessageError,
  UnsupportedMessageVersionError,
} from './schema/message-errors.ts';
export type { UnknownTag } from './schema/tags.ts';
