import { Kafka, logLevel, type Producer } from 'kafkajs';

/** Patient enough for a broker to be killed and another to lead in its place. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1000, retries: 30 };

/** What makes producers, consumers and administrators of KafkaJS. It says nothing on the console. */
export const newKafkaJs = (bootstrapServers: string): Kafka =>
  new Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    retry: RETRY,
  });

/** One that writes each record once, and waits for all replicas in sync. */
export const idempotentProducer = async (kafka: Kafka): Promise<Producer> => {
  const producer = kafka.producer({ idempotent: true, retry: RETRY });
  await producer.connect();
  return producer;
};
