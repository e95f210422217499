import { row } from '../row.ts';
import { int, javaClass, optional } from '../value-type.ts';

/** Quotas. */
export const QUOTA_ROWS = {
  quotaWindowNum: row({
    broker: [{ name: 'quota.window.num' }],
    type: int({ min: 1 }),
    default: 11,
    dynamic: false,
    honoured: false,
    sentence: 'Windows over which the rate of a client is measured.',
  }),
  quotaWindowSizeSeconds: row({
    broker: [{ name: 'quota.window.size.seconds' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: false,
    honoured: false,
    sentence: 'Length of each of them.',
  }),
  replicationQuotaWindowNum: row({
    broker: [{ name: 'replication.quota.window.num' }],
    type: int({ min: 1 }),
    default: 11,
    dynamic: false,
    honoured: false,
    sentence: 'Windows over which the rate of throttled replicas is measured.',
  }),
  replicationQuotaWindowSizeSeconds: row({
    broker: [{ name: 'replication.quota.window.size.seconds' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: false,
    honoured: false,
    sentence: 'Length of each of them.',
  }),
  alterLogDirsReplicationQuotaWindowNum: row({
    broker: [{ name: 'alter.log.dirs.replication.quota.window.num' }],
    type: int({ min: 1 }),
    default: 11,
    dynamic: false,
    honoured: false,
    sentence: 'Windows over which the rate of moves between directories is measured.',
  }),
  alterLogDirsReplicationQuotaWindowSizeSeconds: row({
    broker: [{ name: 'alter.log.dirs.replication.quota.window.size.seconds' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: false,
    honoured: false,
    sentence: 'Length of each of them.',
  }),
  controllerQuotaWindowNum: row({
    broker: [{ name: 'controller.quota.window.num' }],
    type: int({ min: 1 }),
    default: 11,
    dynamic: false,
    honoured: false,
    sentence: 'Windows over which the rate of changes to topics is measured.',
  }),
  controllerQuotaWindowSizeSeconds: row({
    broker: [{ name: 'controller.quota.window.size.seconds' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: false,
    honoured: false,
    sentence: 'Length of each of them.',
  }),
  clientQuotaCallbackClass: row({
    broker: [{ name: 'client.quota.callback.class' }],
    type: optional(javaClass),
    default: undefined,
    dynamic: false,
    honoured: false,
    sentence: 'Java class that says which quota holds for a client.',
  }),
};
