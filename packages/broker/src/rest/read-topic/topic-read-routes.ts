import type { FastifyReply } from 'fastify';
import { knownTopic } from '../asking/known-topic.ts';
import type { Door } from '../door/door.ts';
import { acceptedType } from '../http/accepted-type.ts';
import type { App } from '../http/app.ts';
import { endOfAnswer } from '../http/end-of-answer.ts';
import { badRequest, RestError } from '../http/rest-error.ts';
import { type RecordLimits, sizeBytesOf } from '../read/fetched-records.ts';
import { EVENT_STREAM, TOPIC_READ_TYPES } from '../read/read-schemas.ts';
import type { ReadersShare } from '../read/readers-share.ts';
import { limitsOf, sendRecords, sendStream } from '../read/send-records.ts';
import { TopicParams } from '../topics/topic-schemas.ts';
import { topicEventStream } from './topic-event-stream.ts';
import { TopicReadAnswer, TopicReadHeaders, topicReadQuery } from './topic-read-schemas.ts';
import { topicReadStart, withPartitionsOf } from './topic-read-start.ts';
import { type Room, TopicReader, type TopicRecord } from './topic-reader.ts';

const DESCRIPTION = `All partitions at once: their records as they come, in turn, those of each in their order. Shapes and parameters are
those of a read of one partition; \`tail\` counts in each of them. \`Next-Offset\` and the ids of events are one text for where a
reader is in all partitions: given back as \`offset\`, or by a stream as Last-Event-ID, it goes on there, with nothing left
out and nothing twice; partitions that were added since begin at their beginning. A partition without a leader holds up no
other one, and is read on from where it was. A text of another topic, or of one of this name that was deleted, is refused.`;

/** `GET /v1/topics/{topic}/records`. */
export const topicReadRoutes = (app: App, door: Door, { turns, slots }: ReadersShare): void => {
  const schema = {
    tags: ['records'],
    summary: 'Reads a topic',
    description: DESCRIPTION,
    params: TopicParams,
    querystring: topicReadQuery(door.limits),
    headers: TopicReadHeaders,
    response: TopicReadAnswer,
  };
  app.get('/v1/topics/:topic/records', { exposeHeadRoute: false, schema }, async (request, reply) => {
    const { query, headers, params } = request;
    const type = acceptedType(headers.accept, TOPIC_READ_TYPES);
    if (type === undefined) {
      throw new RestError(406, 'INVALID_REQUEST', `records of a topic come as ${TOPIC_READ_TYPES.join(', ')}`);
    }
    const isStream = type === EVENT_STREAM;
    const signal = endOfAnswer(reply, door.closing);
    if (isStream || (query.wait ?? 0) > 0) reply.raw.once('close', slots.take());

    const topic = await knownTopic(door, params.topic, signal);
    refuseManyPartitions(topic.partitions.size, door);
    const from = topicReadStart(topic, query, headers, isStream);
    await withPartitionsOf(door, topic, from, signal);
    const limits = limitsOf(door, query);
    const isolation = query.isolation ?? 'read_uncommitted';
    const reader = new TopicReader(door, turns, { topic, isolation, limits, from }, signal);
    reply.raw.once('close', () => reader.close());
    await reader.gather();
    if (type === EVENT_STREAM) {
      void reply.header('next-offset', reader.position);
      const { heartbeatMs } = door.limits;
      const spec = { limits, count: query.limit, heartbeatMs, signal };
      return sendStream(reply as FastifyReply, topicEventStream(reader, spec));
    }
    const records = await readRecords(reader, limits, query.wait ?? 0);
    void reply.header('next-offset', reader.position);
    if (reader.isUpToDate) void reply.header('up-to-date', 'true');
    return sendRecords(reply as FastifyReply, type, records);
  });
};

const refuseManyPartitions = (count: number, { limits: { partitionsPerRead } }: Door): void => {
  if (count <= partitionsPerRead) return;
  throw badRequest(
    `the topic has ${count} partitions, and only ${partitionsPerRead} are read at once: read each by itself`,
  );
};

/** What a first round has brought, and on up to the limits or the end; where that is nothing, what comes within `waitMs`. */
async function readRecords(reader: TopicReader, limits: RecordLimits, waitMs: number): Promise<TopicRecord[]> {
  const records: TopicRecord[] = [];
  let room: Room = { records: limits.records, bytes: limits.bytes, isEmpty: true };
  const take = (): boolean => {
    const before = records.length;
    for (const each of reader.take(room)) {
      records.push(each);
      room = { records: room.records - 1, bytes: room.bytes - sizeBytesOf(each.record), isEmpty: false };
    }
    return records.length > before;
  };
  if (reader.hasRecords) {
    while (take() && room.records > 0 && room.bytes > 0 && !reader.isUpToDate) await reader.gather();
  } else {
    await reader.wait(waitMs);
    take();
  }
  if (records.length === 0) reader.throwIfNoneRead();
  return records;
}
