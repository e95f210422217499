import type { IHeaders, Kafka, KafkaMessage, Message } from 'kafkajs';
import { idempotentProducer, newKafkaJs } from '../kafkajs.ts';
import { base64Of, bytesOf, type PlainRecord, type RecordDoor } from './record-door.ts';

/** KafkaJS. It reads headers without a value, and cannot write them. */
export const kafkaJsDoor = (bootstrapServers: string): RecordDoor => {
  const kafka = newKafkaJs(bootstrapServers);
  return {
    name: 'KafkaJS',
    produce: async (topic, records) => {
      const producer = await idempotentProducer(kafka);
      await producer.send({ topic, acks: -1, messages: records.map(messageOf) });
      await producer.disconnect();
    },
    read: (topic, count) => readWith(kafka, topic, count),
  };
};

const readWith = async (kafka: Kafka, topic: string, count: number): Promise<PlainRecord[]> => {
  const consumer = kafka.consumer({ groupId: `kafkajs-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const read: PlainRecord[] = [];
  const whole = Promise.withResolvers<void>();
  const eachMessage = async ({ message }: { message: KafkaMessage }): Promise<void> => {
    read.push(plainOf(message));
    if (read.length === count) whole.resolve();
  };
  await consumer.run({ eachMessage });
  await whole.promise;
  await consumer.disconnect();
  return read;
};

const messageOf = ({ key, value, headers, timestamp }: PlainRecord): Message => ({
  partition: 0,
  key: key === null ? null : bytesOf(key),
  value: value === null ? null : bytesOf(value),
  headers: headersOf(headers),
  timestamp: `${timestamp}`,
});

const headersOf = (headers: PlainRecord['headers']): IHeaders => {
  const byName = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries(
    Array.from(byName, ([name, all]) => [name, all.map(([, value]) => bytesOf(value ?? ''))] as const),
  );
};

const plainOf = ({ key, value, headers = {}, timestamp }: KafkaMessage): PlainRecord => ({
  key: base64Of(key),
  value: base64Of(value),
  headers: Object.entries(headers).flatMap(([name, values]) => allOf(values).map((one) => [name, one] as const)),
  timestamp: Number(timestamp),
});

const allOf = (values: IHeaders[string]): (string | null)[] =>
  (Array.isArray(values) ? values : [values]).map((one) => base64Of(typeof one === 'string' ? Buffer.from(one) : one));
