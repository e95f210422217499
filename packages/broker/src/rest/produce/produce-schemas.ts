import type { Static } from 'typebox';
import { FAILURES } from '../http/error-schemas.ts';
import { Type } from '../http/schema.ts';

const INT32_MAX = 0x7fff_ffff;

export const ProduceQuery = Type.Object(
  {
    key: Type.Optional(Type.String({ description: 'of all records; or as Record-Key' })),
    acks: Type.Optional(
      Type.Union([Type.Literal('all'), Type.Literal('-1'), Type.Literal('1'), Type.Literal('0')], {
        description: 'whose word to wait for: all in-sync replicas (the default), the leader, nobody',
      }),
    ),
    timeout: Type.Optional(Type.Integer({ minimum: 1, description: 'how long to wait for it, in ms' })),
  },
  { additionalProperties: false },
);

export const TopicProduceQuery = Type.Object(
  { ...ProduceQuery.properties, partition: Type.Optional(Type.Integer({ minimum: 0, maximum: INT32_MAX })) },
  { additionalProperties: false },
);

export const ProduceHeaders = Type.Object({
  'record-key': Type.Optional(Type.String({ description: 'key of all records' })),
  'producer-id': Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  'producer-epoch': Type.Optional(Type.Integer({ minimum: 0, maximum: 0x7fff })),
  'producer-seq': Type.Optional(
    Type.Integer({ minimum: 0, maximum: INT32_MAX, description: 'sequence number of the first record' }),
  ),
  'if-match': Type.Optional(
    Type.String({ description: 'the next offset that the partition has to have, as it is or in quotes' }),
  ),
});

const Appended = Type.Object({
  partition: Type.Integer(),
  offset: Type.Integer({ description: '-1 with acks=0: nobody waited to learn it' }),
  timestamp: Type.Integer(),
});

const Failed = Type.Object({
  partition: Type.Integer(),
  code: Type.Integer(),
  name: Type.String(),
  message: Type.String(),
});

/** A failure of a request with several records says what became of each, in their order. */
const ProduceFailure = Type.Object({
  code: Type.Integer(),
  name: Type.String(),
  message: Type.String(),
  records: Type.Optional(Type.Array(Type.Union([Appended, Failed]))),
});

const AllAppended = Type.Array(Appended, {
  description: 'Where each record is',
  headers: { 'Next-Offset': { type: 'integer', description: 'after the last record, where all are of one partition' } },
});

export const ProduceAnswer = { ...FAILURES, 200: AllAppended, '4xx': ProduceFailure, '5xx': ProduceFailure };

export const NewProducer = Type.Object({ producerId: Type.Integer(), producerEpoch: Type.Integer() });

export type ProduceQuery = Static<typeof TopicProduceQuery>;
export type ProduceHeaders = Static<typeof ProduceHeaders>;
export type AppendedRecord = Static<typeof Appended>;
export type ProduceFailure = Static<typeof ProduceFailure>;
