/** How records go out, whatever they are read from. */
import { Readable } from 'node:stream';
import type { LogRecord } from '@barnabas/protocol';
import type { FastifyReply } from 'fastify';
import type { Door } from '../door/door.ts';
import { recordJson } from '../records/record-json.ts';
import type { RecordLimits } from './fetched-records.ts';
import { EVENT_STREAM, type JSON_TYPE, NDJSON } from './read-schemas.ts';

type Limited = { readonly limit?: number | undefined; readonly bytes?: number | undefined };

/** What a read asks for, or what it gets when it does not say. */
export const limitsOf = ({ limits }: Door, query: Limited): RecordLimits => ({
  records: query.limit ?? limits.readRecordsDefault,
  bytes: query.bytes ?? limits.readBytesDefault,
  decompressedBatchBytes: limits.decompressedBatchBytes,
});

/** As bytes, which fastify does not look at again. */
export const sendRecords = (
  reply: FastifyReply,
  type: typeof NDJSON | typeof JSON_TYPE,
  records: readonly { readonly partition: number; readonly record: LogRecord }[],
): FastifyReply => {
  const isLines = type === NDJSON;
  const texts = records.map(({ partition, record }) => recordJson(partition, record, isLines));
  const body = isLines ? texts.map((text) => `${text}\n`).join('') : `[${texts.join(',')}]`;
  return reply.type(`${type}; charset=utf-8`).send(Buffer.from(body));
};

/** Events, taken one after the other as the client takes them. */
export const sendStream = (reply: FastifyReply, events: AsyncIterable<string>): FastifyReply =>
  reply
    .type(EVENT_STREAM)
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(events, { highWaterMark: 1 }));
