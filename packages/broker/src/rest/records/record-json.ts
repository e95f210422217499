/**
 * A record that was read, as JSON:
 *
 *   {"partition":0,"offset":12,"timestamp":1700000000000,"key":"k","value":{"any":"json"},"headers":[{"key":"h","value":"x"}]}
 *
 * A value that is JSON stands there as it was written. Where that is a string or null, which could be text or no value as
 * well, `"valueEncoding":"json"` says so. Other UTF-8 is a string, other bytes are base64 with `"valueEncoding":"base64"`.
 * Keys and headers' values are text or base64, never JSON: a key `12` stays the string that was given.
 */
import { isUtf8 } from 'node:buffer';
import type { LogRecord, RecordHeader } from '@barnabas/protocol';
import { isBareJson } from '../json/json-slices.ts';

/**
 * `isOneLine` puts spaces for the line breaks that JSON may have between its tokens: for formats in which a line break ends
 * a record. Everything else of the value is as it was written.
 */
export const recordJson = (partition: number, record: LogRecord, isOneLine: boolean): string => {
  const { offset, timestamp, key, value, headers } = record;
  const headersJson = headers.length === 0 ? '[]' : `[${headers.map(headerJson).join(',')}]`;
  return `{"partition":${partition},"offset":${offset},"timestamp":${timestamp},${field('key', key)},${valueJson(value, isOneLine)},"headers":${headersJson}}`;
};

const valueJson = (value: Buffer | null, isOneLine: boolean): string => {
  if (value === null || !isUtf8(value) || !isBareJson(value)) return field('value', value);
  const json = value.toString('utf8');
  if (json[0] === '"' || json === 'null') return `"value":${json},"valueEncoding":"json"`;
  return `"value":${isOneLine ? json.replaceAll(/[\r\n]/g, ' ') : json}`;
};

const field = (name: 'key' | 'value', bytes: Buffer | null): string => {
  if (bytes === null) return `"${name}":null`;
  if (isUtf8(bytes)) return `"${name}":${JSON.stringify(bytes.toString('utf8'))}`;
  return `"${name}":"${bytes.toString('base64')}","${name}Encoding":"base64"`;
};

const headerJson = ({ key, value }: RecordHeader): string => `{"key":${JSON.stringify(key)},${field('value', value)}}`;
