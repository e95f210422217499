import { Consumer } from '@platformatic/kafka';
import { baseOptions, idempotentProducer } from '../platformatic.ts';
import { sendSteadily } from './send-steadily.ts';
import { COMMIT_INTERVAL_MS, type ReadRecord, SESSION_TIMEOUT_MS, type SteadyClient } from './steady-client.ts';

/** `@platformatic/kafka`, in our own process. */
export const platformaticSteadily: SteadyClient = {
  load: async (bootstrapServers, topic, partitions) => {
    const producer = idempotentProducer(bootstrapServers);
    return sendSteadily(partitions, {
      send: async (partition, value) => {
        await producer.send({ messages: [{ topic, partition, value: Buffer.from(`${value}`) }] });
      },
      close: () => producer.close(),
    });
  },
  join: async (bootstrapServers, groupId, topic) => {
    const consumer = new Consumer({
      ...baseOptions(bootstrapServers),
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: 500,
      maxWaitTime: 200,
    });
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: COMMIT_INTERVAL_MS,
    });
    const read: ReadRecord[] = [];
    stream.on('data', ({ partition, offset, value }) => {
      read.push({ partition, offset: Number(offset), value: Number(value) });
    });
    const leave = async (): Promise<void> => {
      await stream.close();
      await consumer.close();
    };
    return { read, leave };
  },
};
