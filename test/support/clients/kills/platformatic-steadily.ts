import { Consumer, type MessagesStream } from '@platformatic/kafka';
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
    const read: ReadRecord[] = [];
    const open = async (): Promise<MessagesStream<Buffer, Buffer, Buffer, Buffer>> => {
      const stream = await consumer.consume({
        topics: [topic],
        mode: 'committed',
        fallbackMode: 'earliest',
        autocommit: COMMIT_INTERVAL_MS,
      });
      stream.on('data', ({ partition, offset, value }) => {
        read.push({ partition, offset: Number(offset), value: Number(value) });
      });
      // It ends where the broker that it asks is no longer among those that there are, instead of asking another.
      stream.once('error', () => {
        current = open();
        current.catch(() => {});
      });
      return stream;
    };
    let current = open();
    await current;
    const leave = async (): Promise<void> => {
      await (await current).close();
      await consumer.close();
    };
    return { read, leave };
  },
};
