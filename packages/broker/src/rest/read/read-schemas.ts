import type { Static } from 'typebox';
import type { RestLimits } from '../door/rest-limits.ts';
import { ErrorBody } from '../http/error-schemas.ts';
import { Type } from '../http/schema.ts';

const SAFE = Number.MAX_SAFE_INTEGER;

export const ReadHeaders = Type.Object({
  accept: Type.Optional(Type.String()),
  'last-event-id': Type.Optional(
    Type.Integer({ minimum: 0, maximum: SAFE, description: 'where a stream goes on: the id of its last event' }),
  ),
});

const Encoding = (...names: string[]) => Type.Optional(Type.Union(names.map((name) => Type.Literal(name))));

/** A record as it is read. */
const ReadRecord = Type.Object({
  partition: Type.Integer(),
  offset: Type.Integer(),
  timestamp: Type.Integer({ description: 'ms since 1970; -1 for none' }),
  key: Type.Union([Type.String(), Type.Null()]),
  keyEncoding: Encoding('base64'),
  value: Type.Unknown({ description: 'JSON as it was written; or else text; or else base64, as valueEncoding says' }),
  valueEncoding: Encoding('base64', 'json'),
  headers: Type.Array(
    Type.Object({
      key: Type.String(),
      value: Type.Union([Type.String(), Type.Null()]),
      valueEncoding: Encoding('base64'),
    }),
  ),
});

const NEXT = {
  'Next-Offset': { type: 'integer', description: 'where the next read goes on' },
  'High-Watermark': { type: 'integer', description: 'the end of what may be read' },
};

export const NDJSON = 'application/x-ndjson';
export const JSON_TYPE = 'application/json';
export const EVENT_STREAM = 'text/event-stream';

/** The types of answers to a read, the one that is given to those who do not care first. */
export const READ_TYPES = [NDJSON, JSON_TYPE, EVENT_STREAM] as const;

export const ReadAnswer = {
  200: {
    description: 'The records: one on each line, in an array, or as events',
    headers: NEXT,
    content: {
      [NDJSON]: { schema: ReadRecord },
      [JSON_TYPE]: { schema: Type.Array(ReadRecord) },
      [EVENT_STREAM]: { schema: Type.String() },
    },
  },
  '4xx': ErrorBody,
  '5xx': ErrorBody,
};

export const readQuery = (limits: RestLimits) =>
  Type.Object(
    {
      offset: Type.Optional(
        Type.Union([Type.Integer({ minimum: 0, maximum: SAFE }), Type.Literal('earliest'), Type.Literal('latest')]),
      ),
      timestamp: Type.Optional(
        Type.Integer({ minimum: 0, maximum: SAFE, description: 'begin at the first record that is not older, in ms' }),
      ),
      tail: Type.Optional(
        Type.Integer({ minimum: 0, maximum: SAFE, description: 'begin so many offsets before the end' }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limits.readRecordsMax, description: 'records at most' }),
      ),
      bytes: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: limits.readBytesMax,
          description: 'bytes of records at most, but one record always',
        }),
      ),
      wait: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: limits.waitMsMax,
          description: 'how long to wait for a first record, in ms',
        }),
      ),
      isolation: Type.Optional(Type.Union([Type.Literal('read_uncommitted'), Type.Literal('read_committed')])),
    },
    { additionalProperties: false },
  );

export type ReadQuery = Static<ReturnType<typeof readQuery>>;
export type ReadHeaders = Static<typeof ReadHeaders>;
