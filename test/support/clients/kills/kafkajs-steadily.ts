import type { KafkaMessage } from 'kafkajs';
import { idempotentProducer, newKafkaJs } from '../kafkajs.ts';
import { sendSteadily } from './send-steadily.ts';
import { COMMIT_INTERVAL_MS, type ReadRecord, SESSION_TIMEOUT_MS, type SteadyClient } from './steady-client.ts';

type Told = { readonly partition: number; readonly message: KafkaMessage };

/** KafkaJS, in our own process. */
export const kafkaJsSteadily: SteadyClient = {
  load: async (bootstrapServers, topic, partitions) => {
    const producer = await idempotentProducer(newKafkaJs(bootstrapServers));
    return sendSteadily(partitions, {
      send: async (partition, value) => {
        await producer.send({ topic, acks: -1, messages: [{ partition, value: `${value}` }] });
      },
      close: () => producer.disconnect(),
    });
  },
  join: async (bootstrapServers, groupId, topic) => {
    const consumer = newKafkaJs(bootstrapServers).consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: 500,
      maxWaitTimeInMs: 200,
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const read: ReadRecord[] = [];
    const eachMessage = async ({ partition, message }: Told): Promise<void> => {
      read.push({ partition, offset: Number(message.offset), value: Number(message.value) });
    };
    await consumer.run({ eachMessage, autoCommitInterval: COMMIT_INTERVAL_MS });
    return { read, leave: () => consumer.disconnect() };
  },
};
