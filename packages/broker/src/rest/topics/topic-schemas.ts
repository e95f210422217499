import type { Static } from 'typebox';
import { Type } from '../http/schema.ts';

/** Kafka's rule for names of topics. */
export const TopicName = Type.String({
  pattern: '^(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}$',
  description: '1 to 249 of a-z, A-Z, 0-9, ., _ and -; not . or ..',
});

export const TopicParams = Type.Object({ topic: TopicName });

export const PartitionParams = Type.Object({
  topic: TopicName,
  partition: Type.Integer({ minimum: 0, maximum: 0x7fff_ffff }),
});

const Configs = Type.Record(Type.String(), Type.String(), { description: 'what the topic sets itself' });

export const NewTopic = Type.Object(
  {
    partitions: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 0x7fff_ffff, description: "the broker's num.partitions if it is missing" }),
    ),
    replicationFactor: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 0x7fff,
        description: "the broker's default.replication.factor if it is missing",
      }),
    ),
    configs: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
  },
  { additionalProperties: false },
);

export type AskedTopic = Static<typeof NewTopic>;

export const TopicNames = Type.Array(Type.String());

export const Topic = Type.Object({
  name: Type.String(),
  topicId: Type.Union([Type.String(), Type.Null()]),
  partitions: Type.Array(
    Type.Object({
      partition: Type.Integer(),
      leader: Type.Union([Type.Integer(), Type.Null()]),
      leaderEpoch: Type.Integer(),
      replicas: Type.Array(Type.Integer()),
      isr: Type.Array(Type.Integer()),
    }),
  ),
  configs: Configs,
});
