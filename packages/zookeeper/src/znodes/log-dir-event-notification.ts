/**
 * `/log_dir_event_notification/log_dir_event_<number>`, sequential: a log directory of a broker has failed, so that the
 * controller asks it which replicas it still has.
 *
 *   {"version":1,"broker":3,"event":1}
 *
 * No other event exists. Source: Kafka's LogDirEventNotificationSequenceZNode, KIP-112.
 */
import { type BrokerId, brokerId } from '@barnabas/model';
import { natural } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import type { NotificationKind } from './notification-kind.ts';

const LOG_DIR_FAILURE = 1;

export const LOG_DIR_EVENTS: NotificationKind<BrokerId> = {
  parent: '/log_dir_event_notification',
  prefix: 'log_dir_event_',
  decode: (path, data) => brokerId(readJson(path, data).required('broker', natural)),
  encode: (broker) => writeJson({ version: 1, broker, event: LOG_DIR_FAILURE }),
};
