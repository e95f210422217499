/**
 * The body of a produce request: `{"records": [{"key", "value", "partition"}, ...]}`. Keys and values are any JSON, kept as
 * it is written, or base64. Fields that belong to schemas may be there and count for nothing.
 */
import { badRequest, RestError } from '../http/rest-error.ts';
import { fromBase64 } from '../json/base64.ts';
import { checkUtf8, elementsOf, membersOf } from '../json/json-slices.ts';
import type { RecordToProduce } from '../records/record-to-produce.ts';
import type { EmbeddedFormat } from './v2-media-types.ts';

/** @throws RestError 422 for no records; KafkaError INVALID_REQUEST for a body of another shape */
export const v2Records = (body: Buffer, format: EmbeddedFormat, limit: number): RecordToProduce[] => {
  checkUtf8(body);
  const json = membersOf(body).get('records');
  const elements = json === undefined ? [] : elementsOf(json);
  if (elements === undefined) throw badRequest('"records" is no array');
  if (elements.length === 0) throw new RestError(422, 'INVALID_REQUEST', '"records" holds no record');
  if (elements.length > limit)
    throw new RestError(413, 'MESSAGE_TOO_LARGE', `a request may have ${limit} records at most`);
  return elements.map((element) => v2Record(element, format));
};

const v2Record = (json: Buffer, format: EmbeddedFormat): RecordToProduce => {
  const members = membersOf(json);
  return {
    key: embedded(members.get('key'), format),
    value: embedded(members.get('value'), format),
    headers: [],
    timestamp: undefined,
    partition: partitionOf(members.get('partition')),
  };
};

const embedded = (json: Buffer | undefined, format: EmbeddedFormat): Buffer | null => {
  if (json === undefined || isNull(json)) return null;
  if (format === 'json') return json;
  const text: unknown = JSON.parse(json.toString('utf8'));
  const bytes = typeof text === 'string' ? fromBase64(text) : undefined;
  if (bytes === undefined) throw badRequest('a key or value is not base64');
  return bytes;
};

const isNull = (json: Buffer): boolean => json.toString('latin1') === 'null';

const partitionOf = (json: Buffer | undefined): number | undefined => {
  if (json === undefined || isNull(json)) return undefined;
  const partition: unknown = JSON.parse(json.toString('utf8'));
  if (typeof partition !== 'number' || !Number.isInteger(partition) || partition < 0 || partition > 0x7fff_ffff) {
    throw badRequest('"partition" is no number of a partition');
  }
  return partition;
};
