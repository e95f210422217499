/**
 * What a body is, by its Content-Type:
 *
 *   application/json                            one value; or an array, whose elements are values
 *   application/x-ndjson                        a JSON value on each line
 *   text/plain                                  one value: the text
 *   application/octet-stream, none at all,
 *   or application/x-www-form-urlencoded        one value: the bytes. The last is what curl says when it is told nothing
 *   application/vnd.barnabas.records+json       an array of records, each as it would be read; or one record
 *   application/vnd.barnabas.records+x-ndjson   such a record on each line
 *
 * JSON is kept as it is written: the value of a record is a view of the body.
 */

import { parseMediaType } from '../http/media-type.ts';
import { badRequest, RestError } from '../http/rest-error.ts';
import { checkUtf8, elementsOf, onlyValue } from '../json/json-slices.ts';
import { MalformedJsonError } from '../json/malformed-json-error.ts';
import type { RecordToProduce } from '../records/record-to-produce.ts';
import { structuredRecord } from '../records/structured-record.ts';

/** What the request says of all its records that say nothing themselves. */
export type RecordDefaults = Pick<RecordToProduce, 'key' | 'headers'>;

type BodyReader = (body: Buffer, defaults: RecordDefaults) => RecordToProduce[];

const valueOnly =
  ({ key, headers = [] }: RecordDefaults) =>
  (value: Buffer): RecordToProduce => ({ key, value, headers, timestamp: undefined, partition: undefined });

const structured =
  ({ key, headers = [] }: RecordDefaults) =>
  (json: Buffer): RecordToProduce => {
    const record = structuredRecord(json);
    return { ...record, key: record.key ?? key, headers: [...headers, ...(record.headers ?? [])] };
  };

const jsonValues = (body: Buffer): Buffer[] => {
  checkUtf8(body);
  return elementsOf(body) ?? [onlyValue(body)];
};

const NEWLINE = 0x0a;

const lineValues = (body: Buffer): Buffer[] => {
  checkUtf8(body);
  const values: Buffer[] = [];
  for (let from = 0, line = 1; from < body.length; line += 1) {
    const newline = body.indexOf(NEWLINE, from);
    const end = newline === -1 ? body.length : newline;
    const text = body.subarray(from, end);
    if (!isBlank(text)) values.push(valueOfLine(text, line));
    from = end + 1;
  }
  return values;
};

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

const valueOfLine = (text: Buffer, line: number): Buffer => {
  try {
    return onlyValue(text);
  } catch (thrown) {
    if (thrown instanceof MalformedJsonError) throw badRequest(`line ${line} is no JSON: ${thrown.message}`);
    throw thrown;
  }
};

const textValue: BodyReader = (body, defaults) => {
  checkUtf8(body);
  return [valueOnly(defaults)(body)];
};
const bytesValue: BodyReader = (body, defaults) => [valueOnly(defaults)(body)];

const READERS = {
  'application/json': (body, defaults) => jsonValues(body).map(valueOnly(defaults)),
  'application/x-ndjson': (body, defaults) => lineValues(body).map(valueOnly(defaults)),
  'text/plain': textValue,
  'application/octet-stream': bytesValue,
  'application/x-www-form-urlencoded': bytesValue,
  'application/vnd.barnabas.records+json': (body, defaults) => jsonValues(body).map(structured(defaults)),
  'application/vnd.barnabas.records+x-ndjson': (body, defaults) => lineValues(body).map(structured(defaults)),
} satisfies Record<string, BodyReader>;

/** The types that a body may have, for the API's description. */
export const RECORD_BODY_TYPES = Object.keys(READERS);

const isReadable = (type: string): type is keyof typeof READERS => Object.hasOwn(READERS, type);

/**
 * The records in a body, at least one and at most `limit`.
 *
 * @throws RestError 415 for a type that is none of these; KafkaError INVALID_REQUEST for a body that is not what it says
 */
export const recordsIn = (
  body: Buffer,
  contentType: string | undefined,
  defaults: RecordDefaults,
  limit: number,
): RecordToProduce[] => {
  const { type, charset = 'utf-8' } = parseMediaType(contentType ?? 'application/octet-stream');
  if (!isReadable(type)) {
    throw new RestError(
      415,
      'INVALID_REQUEST',
      `records cannot be of type ${type}, only ${RECORD_BODY_TYPES.join(', ')}`,
    );
  }
  if (charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw new RestError(415, 'INVALID_REQUEST', `text has to be UTF-8, not ${charset}`);
  }
  const records = readBody(READERS[type], body, defaults);
  if (records.length === 0) throw badRequest('the body holds no record');
  if (records.length > limit)
    throw new RestError(413, 'MESSAGE_TOO_LARGE', `a request may have ${limit} records at most`);
  return records;
};

const readBody = (reader: BodyReader, body: Buffer, defaults: RecordDefaults): RecordToProduce[] => {
  try {
    return reader(body, defaults);
  } catch (thrown) {
    if (thrown instanceof MalformedJsonError) throw badRequest(`the body is not what it should be: ${thrown.message}`);
    throw thrown;
  }
};
