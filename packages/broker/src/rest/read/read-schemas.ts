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
export const ReadRecord = Type.Object({
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

export const UP_TO_DATE = {
  'Up-To-Date': {
    type: 'string',
    const: 'true',
    description: 'there where the read has reached the end; else left out',
  },
};

const NEXT = {
  'Next-Offset': { type: 'integer', description: 'where the next read goes on' },
  'High-Watermark': { type: 'integer', description: 'the end of what may be read' },
  ...UP_TO_DATE,
};

export const NDJSON = 'application/x-ndjson';
export const JSON_TYPE = 'application/json';
export const EVENT_STREAM = 'text/event-stream';
export const OCTET_STREAM = 'application/octet-stream';

/** The types of answers to a read of a topic, the one that is given to those who do not care first. */
export const TOPIC_READ_TYPES = [NDJSON, JSON_TYPE, EVENT_STREAM] as const;

/** The same of one partition: bytes do not say which it is. */
export const READ_TYPES = [...TOPIC_READ_TYPES, OCTET_STREAM] as const;

const VALUES =
  'of each record an int32, big-endian, with the length of its value, and the value; -1 and nothing where it has none';

export const ReadAnswer = {
  200: {
    description: 'The records: one on each line, in an array, or as events',
    headers: NEXT,
    content: {
      [NDJSON]: { schema: ReadRecord },
      [JSON_TYPE]: { schema: Type.Array(ReadRecord) },
      [EVENT_STREAM]: { schema: Type.String() },
      [OCTET_STREAM]: { schema: Type.String({ format: 'binary', description: VALUES }) },
    },
  },
  '4xx': ErrorBody,
  '5xx': ErrorBody,
};

export const readQuery = (limits: RestLimits) =>
  Type.Object(
    {
      ...queryOfAll(limits),
      offset: Type.Optional(
        Type.Union([Type.Integer({ minimum: 0, maximum: SAFE }), Type.Literal('earliest'), Type.Literal('latest')]),
      ),
    },
    { additionalProperties: false },
  );

/** What reads of a partition and of a topic have in common. */
export const queryOfAll = (limits: RestLimits) => ({
  timestamp: Type.Optional(
    Type.Integer({ minimum: 0, maximum: SAFE, description: 'begin at the first record that is not older, in ms' }),
  ),
  tail: Type.Optional(Type.Integer({ minimum: 0, maximum: SAFE, description: 'begin so many offsets before the end' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.readRecordsMax, description: 'records at most' })),
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
});

export type ReadQuery = Static<ReturnType<typeof readQuery>>;
export type ReadHeaders = Static<typeof ReadHeaders>;
