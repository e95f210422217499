import { type BaseOptions, type Message, Producer } from '@platformatic/kafka';

/** Patient enough for a broker to be killed and another to lead in its place. */
export const baseOptions = (bootstrapServers: string): BaseOptions => ({
  clientId: 'barnabas-test',
  bootstrapBrokers: bootstrapServers.split(','),
  retries: 60,
  retryDelay: 250,
  metadataMaxAge: 5000,
  connectTimeout: 2000,
});

/** One that writes each record once, and waits for all replicas in sync. */
export const idempotentProducer = (bootstrapServers: string): Producer =>
  new Producer({ ...baseOptions(bootstrapServers), idempotent: true, acks: -1 });

/** What is read of a record, as text. */
export const textOf = ({ value }: Pick<Message, 'value'>): string => value.toString();
