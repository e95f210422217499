import { producerId } from '@barnabas/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Acks } from '../../replication/replicas.ts';
import type { Door } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { endOfAnswer } from '../http/end-of-answer.ts';
import { withStatus } from '../http/error-answers.ts';
import { badRequest } from '../http/rest-error.ts';
import { Type } from '../http/schema.ts';
import { PartitionParams, TopicParams } from '../topics/topic-schemas.ts';
import { RECORD_BODY_TYPES, recordsIn } from './body-records.ts';
import { produceReply } from './produce-answer.ts';
import {
  type AppendedRecord,
  ProduceAnswer,
  ProduceHeaders,
  ProduceQuery,
  TopicProduceQuery,
} from './produce-schemas.ts';
import type { ProducerSequence } from './produce-spec.ts';
import type { RecordProducer } from './record-producer.ts';
import { keyOf, recordHeadersOf } from './request-headers.ts';

const ACKS: Readonly<Record<string, Acks>> = { all: -1, '-1': -1, '1': 1, '0': 0 };

const DESCRIPTION = `The body is what its Content-Type says: \`application/json\` is one value or an array of many, kept byte for byte;
\`application/x-ndjson\` a value on each line; \`text/plain\` and \`application/octet-stream\` one value.
\`application/vnd.barnabas.records+json\` and \`+x-ndjson\` are whole records, in the shape in which they are read.
\`Record-Header-<key>\` headers become headers of the records. \`Producer-Id\`, \`Producer-Epoch\` and \`Producer-Seq\` make a
request to one partition safe to repeat: what is there already is answered with its offsets and its time.
\`If-Match: <next offset>\` appends to one partition only if its next offset is this one: otherwise it is 412, and nothing
is appended. \`Next-Offset\` of an answer is the offset after its records, where these are of one partition.
Status 503 and all below 500
mean that nothing was appended; any other failure, that it is not known.`;

/** Where records go: `POST /v1/topics/{topic}/records`, and the same for one partition. */
export const produceRoutes = (app: App, door: Door, producer: RecordProducer): void => {
  const shared = {
    tags: ['records'],
    description: DESCRIPTION,
    consumes: RECORD_BODY_TYPES,
    headers: ProduceHeaders,
    body: Type.Unknown(),
    response: ProduceAnswer,
  };
  app.post(
    '/v1/topics/:topic/records',
    {
      schema: { ...shared, summary: 'Appends records to a topic', params: TopicParams, querystring: TopicProduceQuery },
    },
    async (request, reply) => {
      const { topic } = request.params;
      const target = { topic, partition: request.query.partition };
      return await produce(door, producer, request, reply, target, request.query, request.headers);
    },
  );
  app.post(
    '/v1/topics/:topic/partitions/:partition/records',
    {
      schema: {
        ...shared,
        summary: 'Appends records to a partition',
        params: PartitionParams,
        querystring: ProduceQuery,
      },
    },
    async (request, reply) =>
      await produce(door, producer, request, reply, request.params, request.query, request.headers),
  );
};

type Target = { readonly topic: string; readonly partition: number | undefined };

async function produce(
  door: Door,
  producer: RecordProducer,
  request: Pick<FastifyRequest, 'raw' | 'body'>,
  reply: Pick<FastifyReply, 'raw' | 'code' | 'header' | 'send'>,
  { topic, partition }: Target,
  query: Static<typeof ProduceQuery>,
  headers: Static<typeof ProduceHeaders>,
) {
  const { limits } = door;
  const defaults = { key: keyOf(request.raw, query.key), headers: recordHeadersOf(request.raw) };
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const contentType = request.raw.headers['content-type'];
  const outcomes = await producer.produce({
    topic,
    partition,
    records: recordsIn(body, contentType, defaults, limits.recordsPerRequest),
    acks: ACKS[query.acks ?? 'all'] ?? -1,
    timeoutMs: Math.min(query.timeout ?? limits.requestTimeoutMs, limits.requestTimeoutMsMax),
    producer: producerSequence(headers, partition),
    expectedOffset: expectedOffset(headers['if-match'], partition),
    signal: endOfAnswer(reply as FastifyReply),
  });
  const answer = produceReply(outcomes);
  if (answer.kind === 'failed') return withStatus(reply as FastifyReply, answer.answer).send(answer.body);
  const next = nextOffsetOf(answer.body);
  if (next !== undefined) void reply.header('next-offset', next);
  return answer.body;
}

/** After the last of records of one partition; undefined for those of several, or where nobody learnt it. */
const nextOffsetOf = (records: readonly AppendedRecord[]): number | undefined => {
  const last = records.at(-1);
  const isKnown = last !== undefined && last.offset >= 0;
  return isKnown && records.every(({ partition }) => partition === last.partition) ? last.offset + 1 : undefined;
};

/** An offset as it is, or in quotes as HTTP has it. */
const IF_MATCH = /^(?:(\d{1,16})|"(\d{1,16})")$/;

/** @throws KafkaError INVALID_REQUEST for what is no offset, or where the request is for several partitions */
const expectedOffset = (ifMatch: string | undefined, partition: number | undefined): number | undefined => {
  if (ifMatch === undefined) return undefined;
  const [, plain, quoted] = IF_MATCH.exec(ifMatch) ?? [];
  const offset = Number(plain ?? quoted ?? Number.NaN);
  if (!Number.isSafeInteger(offset)) throw badRequest('If-Match is the next offset of the partition, as 12 or "12"');
  if (partition === undefined) throw badRequest('the next offset in If-Match is that of one partition: say which');
  return offset;
};

/** @throws KafkaError INVALID_REQUEST where only some of the three are there, or the request is for several partitions */
const producerSequence = (
  headers: Static<typeof ProduceHeaders>,
  partition: number | undefined,
): ProducerSequence | undefined => {
  const { 'producer-id': id, 'producer-epoch': epoch, 'producer-seq': sequence } = headers;
  if (id === undefined && epoch === undefined && sequence === undefined) return undefined;
  if (id === undefined || epoch === undefined || sequence === undefined) {
    throw badRequest('Producer-Id, Producer-Epoch and Producer-Seq belong together: all of them or none');
  }
  if (partition === undefined) throw badRequest('sequence numbers are those of one partition: say which');
  return { id: producerId(id), epoch, sequence };
};
