/**
 * Records as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 *
 *   id: 13                     the offset after the record: what Last-Event-ID brings back
 *   data: {"partition":0,"offset":12,...}
 *
 * Now and then comes an event without data, which tells a client nothing but where it is; a failure is an event `error`
 * with `{code, name, message}`, and the end.
 */
import { KafkaError } from '@barnabas/model';
import { answerOf, errorBody } from '../http/rest-error.ts';
import { recordJson } from '../records/record-json.ts';
import type { RecordLimits } from './fetched-records.ts';
import type { PartitionReader, ReadRecords } from './partition-reader.ts';

export type StreamSpec = {
  readonly partition: number;
  /** What has been read already. */
  readonly first: ReadRecords;
  /** Of one read. */
  readonly limits: RecordLimits;
  /** After how many records it ends; undefined for never. */
  readonly count: number | undefined;
  readonly heartbeatMs: number;
  /** Aborted when the stream is to end. */
  readonly signal: AbortSignal;
};

/** How soon a client comes back after the end. */
const RETRY_MS = 1_000;

/** What a stream begins with. */
export const RETRY_EVENT = `retry: ${RETRY_MS}\n\n`;

/**
 * The text of the stream, piece by piece: the next one is read when the one before has been taken, so that a slow reader
 * holds one read and no more. Ends with the signal, after `count` records, or with a failure.
 */
export async function* eventStream(reader: PartitionReader, spec: StreamSpec): AsyncGenerator<string, void, undefined> {
  yield RETRY_EVENT;
  let remaining = spec.count ?? Number.POSITIVE_INFINITY;
  let read = spec.first;
  while (!spec.signal.aborted) {
    remaining -= read.records.length;
    yield eventsOf(spec.partition, read);
    if (remaining <= 0 || spec.signal.aborted) return;
    const limits = { ...spec.limits, records: Math.min(spec.limits.records, remaining) };
    try {
      read = await reader.read({ from: read.nextOffset, limits, waitMs: spec.heartbeatMs });
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      if (!spec.signal.aborted) yield failureEvent(thrown);
      return;
    }
  }
}

const eventsOf = (partition: number, { records, nextOffset }: ReadRecords): string => {
  const events = records.map((record) => `id: ${record.offset + 1}\ndata: ${recordJson(partition, record, true)}\n\n`);
  const isBehind = records.at(-1)?.offset !== nextOffset - 1;
  return isBehind ? `${events.join('')}id: ${nextOffset}\n\n` : events.join('');
};

export const failureEvent = ({ error, message }: KafkaError): string =>
  `event: error\ndata: ${JSON.stringify(errorBody(answerOf(error, message)))}\n\n`;
