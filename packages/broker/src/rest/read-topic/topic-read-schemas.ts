import type { Static } from 'typebox';
import type { RestLimits } from '../door/rest-limits.ts';
import { FAILURES } from '../http/error-schemas.ts';
import { Type } from '../http/schema.ts';
import { EVENT_STREAM, JSON_TYPE, NDJSON, queryOfAll, ReadRecord, UP_TO_DATE } from '../read/read-schemas.ts';

export const TopicReadHeaders = Type.Object({
  accept: Type.Optional(Type.String()),
  'last-event-id': Type.Optional(Type.String({ description: 'where a stream goes on: the id of its last event' })),
});

export const topicReadQuery = (limits: RestLimits) =>
  Type.Object(
    {
      ...queryOfAll(limits),
      offset: Type.Optional(
        Type.String({ description: '`earliest`, `latest`, or the `Next-Offset` of an answer or the id of an event' }),
      ),
    },
    { additionalProperties: false },
  );

export const TopicReadAnswer = {
  ...FAILURES,
  200: {
    description: 'The records: one on each line, in an array, or as events',
    headers: {
      'Next-Offset': { type: 'string', description: 'where the next read goes on, in all partitions: as `offset`' },
      ...UP_TO_DATE,
    },
    content: {
      [NDJSON]: { schema: ReadRecord },
      [JSON_TYPE]: { schema: Type.Array(ReadRecord) },
      [EVENT_STREAM]: { schema: Type.String() },
    },
  },
};

export type TopicReadHeaders = Static<typeof TopicReadHeaders>;
export type TopicReadQuery = Static<ReturnType<typeof topicReadQuery>>;
