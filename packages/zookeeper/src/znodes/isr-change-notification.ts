/**
 * `/isr_change_notification/isr_change_<number>`, sequential: leaders have changed the ISR of these partitions by themselves,
 * which they did before AlterPartition (2.7).
 *
 *   {"version":1,"partitions":[{"topic":"foo","partition":0}]}
 *
 * Source: Kafka's IsrChangeNotificationSequenceZNode.
 */
import type { TopicPartition } from '@barnabas/model';
import type { NotificationKind } from './notification-kind.ts';
import { readTopicPartitions, writeTopicPartitions } from './topic-partitions-json.ts';

export const ISR_CHANGES: NotificationKind<readonly TopicPartition[]> = {
  parent: '/isr_change_notification',
  prefix: 'isr_change_',
  decode: readTopicPartitions,
  encode: writeTopicPartitions,
};
