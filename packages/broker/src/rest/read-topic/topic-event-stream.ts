/**
 * The records of a topic as server-sent events, as those of a partition are. The id of an event is the position of a reader
 * who has seen it, in all partitions: what Last-Event-ID brings back, and `offset` takes as well.
 */
import { KafkaError } from '@barnabas/model';
import { failureEvent, RETRY_EVENT } from '../read/event-stream.ts';
import type { RecordLimits } from '../read/fetched-records.ts';
import { recordJson } from '../records/record-json.ts';
import type { TopicReader } from './topic-reader.ts';

export type TopicStreamSpec = {
  /** Of one piece. */
  readonly limits: RecordLimits;
  /** After how many records it ends; undefined for never. */
  readonly count: number | undefined;
  readonly heartbeatMs: number;
  /** Aborted when the stream is to end. */
  readonly signal: AbortSignal;
};

/** A position with each of them may be longer than the records are. */
const PIECE_LENGTH = 64 * 1024;

/**
 * The text of the stream, piece by piece; what a reader holds is what one round at each leader brings. Ends with the signal,
 * after `count` records, or with a failure; the reader is closed then.
 */
export async function* topicEventStream(
  reader: TopicReader,
  spec: TopicStreamSpec,
): AsyncGenerator<string, void, undefined> {
  let remaining = spec.count ?? Number.POSITIVE_INFINITY;
  try {
    yield `${RETRY_EVENT}${positionEvent(reader)}`;
    while (!spec.signal.aborted) {
      for (const piece of piecesOf(reader, { ...spec.limits, records: remaining })) {
        remaining -= piece.count;
        yield piece.text;
        if (remaining <= 0 || spec.signal.aborted) return;
      }
      await reader.wait(spec.heartbeatMs);
      if (!reader.hasRecords && !spec.signal.aborted) yield positionEvent(reader);
    }
  } catch (thrown) {
    if (!(thrown instanceof KafkaError)) throw thrown;
    if (!spec.signal.aborted) yield failureEvent(thrown);
  } finally {
    reader.close();
  }
}

/** Without data: it tells a client nothing but where it is. */
const positionEvent = ({ position }: TopicReader): string => `id: ${position}\n\n`;

/** All that the reader has, up to `limits`. */
function* piecesOf(
  reader: TopicReader,
  limits: RecordLimits,
): Generator<{ readonly text: string; readonly count: number }, void, undefined> {
  let text = '';
  let count = 0;
  for (const { partition, record } of reader.take({
    records: limits.records,
    bytes: Number.POSITIVE_INFINITY,
    isEmpty: true,
  })) {
    text += `id: ${reader.position}\ndata: ${recordJson(partition, record, true)}\n\n`;
    count += 1;
    if (text.length < PIECE_LENGTH) continue;
    yield { text, count };
    text = '';
    count = 0;
  }
  if (count > 0) yield { text, count };
}
