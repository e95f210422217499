import type { FastifyReply } from 'fastify';
import { knownPartition, knownTopic } from '../asking/known-topic.ts';
import { patienceOf } from '../asking/patience.ts';
import type { Door } from '../door/door.ts';
import { acceptedType } from '../http/accepted-type.ts';
import type { App } from '../http/app.ts';
import { endOfAnswer } from '../http/end-of-answer.ts';
import { RestError } from '../http/rest-error.ts';
import { PartitionParams } from '../topics/topic-schemas.ts';
import { eventStream } from './event-stream.ts';
import { offsetFor } from './offset-for.ts';
import { PartitionReader, type ReadRecords, UNKNOWN_HIGH_WATERMARK } from './partition-reader.ts';
import { EVENT_STREAM, OCTET_STREAM, READ_TYPES, ReadAnswer, ReadHeaders, readQuery } from './read-schemas.ts';
import { readStart } from './read-start.ts';
import type { ReadersShare } from './readers-share.ts';
import { limitsOf, sendRecords, sendStream } from './send-records.ts';
import { valuesOf } from './value-bytes.ts';

const DESCRIPTION = `Any broker answers for any partition. \`application/x-ndjson\` (the default) is a record on each line,
\`application/json\` an array, \`text/event-stream\` a live stream whose event ids are the offsets to go on from.
A value that is JSON comes back as it was written; in lines and events, line breaks between its tokens are spaces. A JSON
string or null says so with \`"valueEncoding": "json"\`: without it, a string is text and null is no value. What is not UTF-8
is base64, with \`"valueEncoding": "base64"\`. Keys and headers are text or base64. \`application/octet-stream\` has the values
alone, each after its length. There is no ETag: what is in a range of offsets changes where records are deleted or compacted.`;

/** `GET /v1/topics/{topic}/partitions/{partition}/records`. */
export const readRoutes = (app: App, door: Door, { turns, slots }: ReadersShare): void => {
  const schema = {
    tags: ['records'],
    summary: 'Reads a partition',
    description: DESCRIPTION,
    params: PartitionParams,
    querystring: readQuery(door.limits),
    headers: ReadHeaders,
    response: ReadAnswer,
  };
  app.get(
    '/v1/topics/:topic/partitions/:partition/records',
    { exposeHeadRoute: false, schema },
    async (request, reply) => {
      const { query, headers, params } = request;
      const type = acceptedType(headers.accept, READ_TYPES);
      if (type === undefined) throw new RestError(406, 'INVALID_REQUEST', `records come as ${READ_TYPES.join(', ')}`);
      const isStream = type === EVENT_STREAM;
      const start = readStart(query, headers, isStream);
      const signal = endOfAnswer(reply, door.closing);
      if (isStream || (query.wait ?? 0) > 0) reply.raw.once('close', slots.take());

      const topic = await knownTopic(door, params.topic, signal);
      knownPartition(topic, params.partition);
      const isolation = query.isolation ?? 'read_uncommitted';
      const place = { topic, partition: params.partition, isolation } as const;
      const from = await offsetFor(door, place, start, patienceOf(door, door.limits.requestTimeoutMs, signal));
      const reader = new PartitionReader(door, turns, place, signal);
      const limits = limitsOf(door, query);
      const waitMs = isStream ? 0 : (query.wait ?? 0);
      const first = await reader.read({ from, limits, waitMs });
      withOffsets(reply as FastifyReply, first);
      if (type === EVENT_STREAM) {
        const { heartbeatMs } = door.limits;
        const spec = { partition: params.partition, first, limits, count: query.limit, heartbeatMs, signal };
        return sendStream(reply as FastifyReply, eventStream(reader, spec));
      }
      if (first.nextOffset >= first.highWatermark && first.highWatermark !== UNKNOWN_HIGH_WATERMARK) {
        void reply.header('up-to-date', 'true');
      }
      if (type === OCTET_STREAM) return (reply as FastifyReply).type(type).send(valuesOf(first.records));
      const records = first.records.map((record) => ({ partition: params.partition, record }));
      return sendRecords(reply as FastifyReply, type, records);
    },
  );
};

const withOffsets = (reply: FastifyReply, { nextOffset, highWatermark }: ReadRecords): void => {
  void reply.header('next-offset', nextOffset);
  if (highWatermark !== UNKNOWN_HIGH_WATERMARK) void reply.header('high-watermark', highWatermark);
};
