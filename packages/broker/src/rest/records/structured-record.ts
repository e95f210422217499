/**
 * A record as JSON, in the shape in which records are read:
 *
 *   {"key": ..., "value": ..., "headers": [{"key", "value", "valueEncoding"?}], "timestamp": 1700000000000,
 *    "partition": 0, "keyEncoding"?, "valueEncoding"?}
 *
 * Only `value` must be there. Without an encoding, null is no value at all, a string is text, and anything else is JSON, as
 * it is written. `"base64"` is bytes; `"json"` is JSON even where it is a string or null. `offset` may be there and counts
 * for nothing, so that what was read can be sent again.
 */
import type { RecordHeader } from '@barnabas/protocol';
import { badRequest } from '../http/rest-error.ts';
import { fromBase64 } from '../json/base64.ts';
import { elementsOf, membersOf } from '../json/json-slices.ts';
import type { RecordToProduce } from './record-to-produce.ts';

const RECORD_FIELDS = ['key', 'keyEncoding', 'value', 'valueEncoding', 'headers', 'timestamp', 'partition', 'offset'];
const HEADER_FIELDS = ['key', 'value', 'valueEncoding'];

const MAX_PARTITION = 0x7fff_ffff;
/** A record without a time. */
const NO_TIMESTAMP = -1;

/** @throws KafkaError INVALID_REQUEST */
export const structuredRecord = (json: Buffer): RecordToProduce => {
  const members = knownMembers(json, RECORD_FIELDS);
  if (!members.has('value')) throw badRequest('a record has no value; "value": null makes a tombstone');
  return {
    key: bytesOf(members, 'key', 'keyEncoding'),
    value: bytesOf(members, 'value', 'valueEncoding'),
    headers: headersOf(members.get('headers')),
    timestamp: integerOf(members, 'timestamp', NO_TIMESTAMP, Number.MAX_SAFE_INTEGER),
    partition: integerOf(members, 'partition', 0, MAX_PARTITION),
  };
};

const knownMembers = (json: Buffer, fields: readonly string[]): Map<string, Buffer> => {
  const members = membersOf(json);
  for (const name of members.keys()) {
    if (!fields.includes(name)) throw badRequest(`a record has no field ${JSON.stringify(name)}: ${fields.join(', ')}`);
  }
  return members;
};

const parsed = (json: Buffer | undefined): unknown =>
  json === undefined ? undefined : JSON.parse(json.toString('utf8'));

const bytesOf = (members: Map<string, Buffer>, field: string, encodingField: string): Buffer | null => {
  const json = members.get(field);
  const encoding = parsed(members.get(encodingField));
  if (json === undefined) return null;
  if (encoding === 'json') return json;
  const value = json[0] === 0x22 || json[0] === 0x6e ? parsed(json) : undefined;
  if (value === null) return null;
  if (encoding === 'base64') return base64Of(value, field);
  if (encoding !== undefined && encoding !== 'text') {
    throw badRequest(`"${encodingField}" is none of "text", "json" and "base64"`);
  }
  if (typeof value === 'string') return textOf(value, field);
  if (encoding === 'text') throw badRequest(`"${field}" is text by its encoding, but no string`);
  return json;
};

const base64Of = (value: unknown, field: string): Buffer => {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  if (bytes === undefined) throw badRequest(`"${field}" is not base64`);
  return bytes;
};

const textOf = (value: string, field: string): Buffer => {
  if (!value.isWellFormed()) throw badRequest(`"${field}" has half of a surrogate pair, which is no text`);
  return Buffer.from(value, 'utf8');
};

const headersOf = (json: Buffer | undefined): readonly RecordHeader[] => {
  if (json === undefined) return [];
  const elements = elementsOf(json);
  if (elements === undefined) throw badRequest('"headers" is an array of {"key", "value"}');
  return elements.map((element) => {
    const members = knownMembers(element, HEADER_FIELDS);
    const key = parsed(members.get('key'));
    if (typeof key !== 'string') throw badRequest('a header has no "key"');
    return { key, value: bytesOf(members, 'value', 'valueEncoding') };
  });
};

const integerOf = (members: Map<string, Buffer>, field: string, min: number, max: number): number | undefined => {
  const value = parsed(members.get(field));
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw badRequest(`"${field}" is not an integer from ${min} to ${max}`);
  }
  return value;
};
