/**
 * `GET /v1/topics/{topic}/partitions/{partition}/records` as JSON:
 *
 *   [{"partition":0,"offset":12,"timestamp":1700000000000,"key":"k","value":{"any":"json"},"headers":[]}, ...]
 *
 * A value stands there as it was written where it is JSON; `"valueEncoding":"json"` says so of a string and of null, which
 * otherwise are text and no value at all; `"base64"` is bytes. `Next-Offset` is the offset to go on with.
 */
import type { TopicPartition } from '@barnabas/model';
import type { DoorRequest, DoorResponse } from '../http/door.ts';
import { malformed } from '../http/malformed.ts';
import { ReadRecord } from '../reader/read-record.ts';
import type { StartPosition } from '../reader/start-position.ts';
import { elementsIn, memberIn } from './json-slices.ts';
import { recordsPath } from './records-path.ts';

export type Page = { readonly records: readonly ReadRecord[]; readonly nextOffset: number };
export type ReadLimits = { readonly position: StartPosition; readonly waitMs: number; readonly maxBytes: number };

/** The most that a server takes; `maxBytes` says enough. */
const MAX_RECORDS = 50_000;

export function readRequest(partition: TopicPartition, { position, waitMs, maxBytes }: ReadLimits): DoorRequest {
  const query = `${startQuery(position)}&limit=${MAX_RECORDS}&bytes=${maxBytes}&wait=${waitMs}`;
  return { method: 'GET', path: `${recordsPath(partition)}?${query}`, headers: { accept: 'application/json' } };
}

function startQuery(position: StartPosition): string {
  if (typeof position !== 'object') return `offset=${position}`;
  return 'timestamp' in position ? `timestamp=${position.timestamp}` : `tail=${position.tail}`;
}

/** @throws ClientError where the answer is none to a read */
export function pageOf(response: DoorResponse, { topic, partition }: TopicPartition): Page {
  try {
    const elements = elementsIn(new TextDecoder().decode(response.body));
    const records = elements.map((element) => recordOf(topic, element));
    const next = Number(response.header('next-offset') ?? Number.NaN);
    if (Number.isSafeInteger(next)) return { records, nextOffset: next };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed(`GET ${recordsPath({ topic, partition })}`, 'refused');
}

type Encoded = { readonly value: string | null; readonly valueEncoding?: string };
type Envelope = {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly keyEncoding?: string;
  readonly valueEncoding?: string;
  readonly headers: readonly (Encoded & { readonly key: string })[];
};

function recordOf(topic: string, json: string): ReadRecord {
  const { from, to } = memberIn(json, 'value');
  const envelope: Envelope = JSON.parse(`${json.slice(0, from)}null${json.slice(to)}`);
  const { partition, offset, timestamp, key, keyEncoding, valueEncoding, headers } = envelope;
  return new ReadRecord({
    topic,
    partition,
    offset,
    timestamp,
    key: bytesOf(key, keyEncoding),
    value: contentOf(json.slice(from, to), valueEncoding),
    headers: headers.map((header) => ({ key: header.key, value: bytesOf(header.value, header.valueEncoding) })),
  });
}

/** @param written as it stands in the answer */
function contentOf(written: string, encoding: string | undefined): Uint8Array | null {
  const isOwnJson = encoding === 'json' || (written[0] !== '"' && written !== 'null');
  return isOwnJson ? Buffer.from(written) : bytesOf(JSON.parse(written), encoding);
}

function bytesOf(text: string | null, encoding: string | undefined): Uint8Array | null {
  return text === null ? null : Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}
