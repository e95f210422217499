/**
 * What programs written for Confluent's REST Proxy call, as far as it needs no consumer group: `GET /topics`, `GET
 * /topics/{topic}`, `POST /topics/{topic}` and `POST /topics/{topic}/partitions/{partition}`. Paths, types, bodies and errors
 * are those of its v2; but a request of which no record was appended is not answered with 200.
 */

import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { knownPartition, knownTopic } from '../asking/known-topic.ts';
import { patienceOf } from '../asking/patience.ts';
import type { Door } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { endOfAnswer } from '../http/end-of-answer.ts';
import { withStatus } from '../http/error-answers.ts';
import { RestError } from '../http/rest-error.ts';
import { Type } from '../http/schema.ts';
import { produceReply } from '../produce/produce-answer.ts';
import type { RecordProducer } from '../produce/record-producer.ts';
import { topicConfigs } from '../topics/topic-configs.ts';
import { PartitionParams, TopicNames, TopicParams } from '../topics/topic-schemas.ts';
import { v2Offsets, v2Topic } from './v2-answers.ts';
import { v2Records } from './v2-body.ts';
import { v2Error } from './v2-errors.ts';
import { embeddedFormat, V2_BODY_TYPES, V2_TYPE } from './v2-media-types.ts';
import { V2ErrorBody, V2Offsets, V2Topic } from './v2-schemas.ts';

const tags = ['v2'];
const FAILURES = { '4xx': V2ErrorBody, '5xx': V2ErrorBody };

export const v2Routes = (app: App, door: Door, producer: RecordProducer): void => {
  // Not earlier: fastify would add a charset to it.
  app.addHook('onSend', async (_, reply) => {
    void reply.header('content-type', V2_TYPE);
  });

  app.get(
    '/topics',
    { schema: { tags, summary: 'Names of all topics', response: { 200: TopicNames, ...FAILURES } } },
    async () => Array.from(door.cluster.image.topics.keys()).sort(),
  );
  app.get(
    '/topics/:topic',
    { schema: { tags, summary: 'A topic', params: TopicParams, response: { 200: V2Topic, ...FAILURES } } },
    async (request, reply) => {
      const patience = patienceOf(door, door.limits.requestTimeoutMs, endOfAnswer(reply));
      const topic = await knownTopic(door, request.params.topic, patience.signal);
      return v2Topic(topic, await topicConfigs(door, topic.name, 'all', patience));
    },
  );
  const shared = { tags, consumes: V2_BODY_TYPES, body: Type.Unknown(), response: { 200: V2Offsets, ...FAILURES } };
  app.post(
    '/topics/:topic',
    { schema: { ...shared, summary: 'Appends records to a topic', params: TopicParams } },
    async (request, reply) => {
      const target = { topic: request.params.topic, partition: undefined };
      return await produce(
        door,
        producer,
        target,
        request.body,
        request.headers['content-type'],
        reply as FastifyReply,
      );
    },
  );
  app.post(
    '/topics/:topic/partitions/:partition',
    { schema: { ...shared, summary: 'Appends records to a partition', params: PartitionParams } },
    async (request, reply) =>
      await produce(
        door,
        producer,
        request.params,
        request.body,
        request.headers['content-type'],
        reply as FastifyReply,
      ),
  );
};

type Target = { readonly topic: string; readonly partition: number | undefined };

const ALL_IN_SYNC = -1;

async function produce(
  door: Door,
  producer: RecordProducer,
  { topic: name, partition }: Target,
  body: unknown,
  contentType: string | undefined,
  reply: FastifyReply,
): Promise<Static<typeof V2Offsets> | FastifyReply> {
  const format = embeddedFormat(contentType);
  const signal = endOfAnswer(reply);
  const topic = await knownTopic(door, name, signal);
  if (partition !== undefined) knownPartition(topic, partition);
  const records = v2Records(Buffer.isBuffer(body) ? body : Buffer.alloc(0), format, door.limits.recordsPerRequest);
  if (records.some((record) => partition !== undefined && (record.partition ?? partition) !== partition)) {
    throw new RestError(422, 'INVALID_REQUEST', 'a record says another partition than the URL');
  }
  const timeoutMs = door.limits.requestTimeoutMs;
  const spec = { topic: name, records, partition, acks: ALL_IN_SYNC, timeoutMs, signal } as const;
  const outcomes = await producer.produce({ ...spec, producer: undefined, expectedOffset: undefined });
  const answer = produceReply(outcomes);
  if (answer.kind === 'failed' && outcomes.every(({ kind }) => kind === 'failed')) {
    return withStatus(reply, answer.answer).send(v2Error(answer.answer));
  }
  return v2Offsets(outcomes);
}
