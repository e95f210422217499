import { Consumer, type Message, type MessageToProduce, Producer } from '@platformatic/kafka';
import { baseOptions } from '../platformatic.ts';
import { base64Of, bytesOf, type PlainRecord, type RecordDoor } from './record-door.ts';

type HeaderValue = Buffer | null;

/** `@platformatic/kafka`. */
export const platformaticDoor = (bootstrapServers: string): RecordDoor => ({
  name: '@platformatic/kafka',
  produce: async (topic, records) => {
    const options = { ...baseOptions(bootstrapServers), idempotent: true, acks: -1 };
    const producer = new Producer<Buffer, Buffer, Buffer, HeaderValue>(options);
    await producer.send({ messages: records.map((record) => messageOf(topic, record)) });
    await producer.close();
  },
  read: async (topic, count) => {
    const options = { ...baseOptions(bootstrapServers), groupId: `platformatic-${topic}`, maxWaitTime: 100 };
    const consumer = new Consumer(options);
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest' });
    const read: PlainRecord[] = [];
    for await (const message of stream) {
      read.push(plainOf(message));
      if (read.length === count) break;
    }
    await consumer.close(true);
    return read;
  },
});

const messageOf = (
  topic: string,
  { key, value, headers, timestamp }: PlainRecord,
): MessageToProduce<Buffer, Buffer, Buffer, HeaderValue> => ({
  topic,
  partition: 0,
  ...(key === null ? {} : { key: bytesOf(key) }),
  ...(value === null ? {} : { value: bytesOf(value) }),
  headers: new Map(headers.map(([name, one]) => [Buffer.from(name), one === null ? null : bytesOf(one)])),
  timestamp: BigInt(timestamp),
});

const plainOf = ({ key, value, headerEntries, timestamp }: Message): PlainRecord => ({
  key: base64Of(key),
  value: base64Of(value),
  headers: headerEntries.map(([name, one]) => [name.toString(), base64Of(one)]),
  timestamp: Number(timestamp),
});
