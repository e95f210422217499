import { KafkaError } from '@barnabas/model';
import { isInternalTopic } from '../../cluster/internal-topics.ts';

/**
 * Brokers create these topics themselves, as they have to be; with them would go what all groups have committed. Who means it has
 * Kafka's admin tools.
 *
 * @throws KafkaError INVALID_TOPIC_EXCEPTION
 */
export function refuseInternal(topic: string): void {
  if (!isInternalTopic(topic)) return;
  throw new KafkaError('INVALID_TOPIC_EXCEPTION', `${topic} is created and kept by the brokers themselves`);
}
