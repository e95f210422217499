import { knownTopic } from '../asking/known-topic.ts';
import { patienceOf } from '../asking/patience.ts';
import type { Door } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { endOfAnswer } from '../http/end-of-answer.ts';
import { FAILURES } from '../http/error-schemas.ts';
import { Type } from '../http/schema.ts';
import { createTopic } from './create-topic.ts';
import { deleteTopic } from './delete-topic.ts';
import { describeTopic } from './describe-topic.ts';
import { refuseInternal } from './refuse-internal.ts';
import { refuseOtherTypes } from './refuse-other-types.ts';
import { topicConfigs } from './topic-configs.ts';
import { NewTopic, Topic, TopicNames, TopicParams } from './topic-schemas.ts';

const tags = ['topics'];

/** `/v1/topics`: creating is idempotent, and so may be repeated whatever came of it. */
export const topicRoutes = (app: App, door: Door): void => {
  const { requestTimeoutMs } = door.limits;
  app.get(
    '/v1/topics',
    { schema: { tags, summary: 'Names of all topics', response: { 200: TopicNames, ...FAILURES } } },
    async () => Array.from(door.cluster.image.topics.keys()).sort(),
  );

  const one = { tags, params: TopicParams };
  app.get(
    '/v1/topics/:topic',
    { schema: { ...one, summary: 'A topic', response: { 200: Topic, ...FAILURES } } },
    async (request, reply) => {
      const signal = endOfAnswer(reply);
      const topic = await knownTopic(door, request.params.topic, signal);
      const configs = await topicConfigs(door, topic.name, 'own', patienceOf(door, requestTimeoutMs, signal));
      return describeTopic(topic, configs);
    },
  );

  const created = { 200: Topic, 201: Topic, ...FAILURES };
  app.put(
    '/v1/topics/:topic',
    {
      schema: { ...one, summary: 'Creates a topic, unless there is one like it', body: NewTopic, response: created },
      preValidation: async ({ body }) => refuseOtherTypes(body),
    },
    async (request, reply) => {
      refuseInternal(request.params.topic);
      const patience = patienceOf(door, requestTimeoutMs, endOfAnswer(reply));
      const { isNew, topic, configs } = await createTopic(door, request.params.topic, request.body, patience);
      return reply.code(isNew ? 201 : 200).send(describeTopic(topic, configs));
    },
  );

  app.delete(
    '/v1/topics/:topic',
    { schema: { ...one, summary: 'Deletes a topic', response: { 204: Type.Null(), ...FAILURES } } },
    async (request, reply) => {
      refuseInternal(request.params.topic);
      await deleteTopic(door, request.params.topic, patienceOf(door, requestTimeoutMs, endOfAnswer(reply)));
      return reply.code(204).send(null);
    },
  );
};
