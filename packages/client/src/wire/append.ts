/**
 * `POST /v1/topics/{topic}/partitions/{partition}/records` with `Producer-Id`, `Producer-Epoch` and `Producer-Seq`: one record
 * on each line, text as a string, bytes as base64:
 *
 *   {"key":"k","value":"text","headers":[{"key":"h","value":"AQI=","valueEncoding":"base64"}],"timestamp":1700000000000}
 *
 * The answer is `[{"partition":0,"offset":12,"timestamp":1700000000000}, ...]`, one for each record.
 */
import type { TopicPartition } from '@barnabas/model';
import { jsonOf } from '../http/ask.ts';
import type { DoorRequest, DoorResponse } from '../http/door.ts';
import { malformed } from '../http/malformed.ts';
import type { Content, PreparedRecord } from '../producer/producer-record.ts';
import type { Sequence } from '../producer/sequence.ts';
import { recordsPath } from './records-path.ts';

const CONTENT_TYPE = 'application/vnd.barnabas.records+x-ndjson';
/** Of the time that we wait, so that what the server says at its end still arrives. */
const SERVER_SHARE = 0.9;

export type Appended = { readonly partition: number; readonly offset: number; readonly timestamp: number };

/** The body of a batch, the same for all attempts at it. */
export function linesOf(records: readonly PreparedRecord[]): string {
  return records.map(lineOf).join('\n');
}

function lineOf({ key, value, headers, timestamp }: PreparedRecord): string {
  const headersJson = headers.map((header) => `{"key":${JSON.stringify(header.key)},${field('value', header.value)}}`);
  return `{${field('key', key)},${field('value', value)},"headers":[${headersJson}],"timestamp":${timestamp}}`;
}

function field(name: 'key' | 'value', content: Content | null): string {
  if (content === null) return `"${name}":null`;
  if (typeof content === 'string') return `"${name}":${JSON.stringify(content)}`;
  const base64 = Buffer.from(content.buffer, content.byteOffset, content.length).toString('base64');
  return `"${name}":"${base64}","${name}Encoding":"base64"`;
}

export function appendRequest(
  partition: TopicPartition,
  lines: string,
  { producerId, epoch, next }: Sequence,
  timeoutMs: number,
): DoorRequest {
  const serverTimeoutMs = Math.max(1, Math.floor(timeoutMs * SERVER_SHARE));
  return {
    method: 'POST',
    path: `${recordsPath(partition)}?timeout=${serverTimeoutMs}`,
    headers: {
      'content-type': CONTENT_TYPE,
      'producer-id': `${producerId}`,
      'producer-epoch': `${epoch}`,
      'producer-seq': `${next}`,
    },
    body: lines,
  };
}

/** @throws ClientError, its outcome unknown, where the answer is not one for each of `count` records */
export function appendedOf(response: DoorResponse, partition: TopicPartition, count: number): readonly Appended[] {
  const answer = jsonOf(response);
  if (Array.isArray(answer) && answer.length === count && answer.every(isAppended)) return answer;
  throw malformed(`POST ${recordsPath(partition)}`, 'unknown');
}

function isAppended(value: unknown): value is Appended {
  return (
    typeof value === 'object' && value !== null && 'partition' in value && 'offset' in value && 'timestamp' in value
  );
}
