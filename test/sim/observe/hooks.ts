/**
 * Where the simulation looks on: the methods through which logs and roles change are wrapped, once for the process. The code that
 * runs is the broker's own; whoever is set by `observe` is told, at once.
 */
import { Log } from '@barnabas/storage';
import { Partition } from '../../../packages/broker/src/replication/partition/partition.ts';

type Assignment = Parameters<Partition['lead']>[1];

export interface Observer {
  /** The partition has this log: found on the disk, or about to lead or follow with it. */
  onLog(partition: Partition, log: Log, topicId: string | undefined): void;
  /** Before anything has changed. */
  onLead(partition: Partition, log: Log, assignment: Assignment): void;
  onFollow(partition: Partition, log: Log, assignment: Assignment): void;
  /** Batches have been appended; `bytes` are as they are in the log. */
  onAppended(log: Log, bytes: Buffer, as: 'leader' | 'follower'): void;
  /** It ends, or begins, elsewhere: it was cut. */
  onReset(log: Log, endBefore: number): void;
  onHighWatermark(log: Log, before: number): void;
}

let observer: Observer | undefined;

/** From now on this one is told, and no other. */
export function observe(next: Observer | undefined): void {
  observer = next;
}

const partitions = Partition.prototype;
const { hold, lead, follow } = partitions;

partitions.hold = function (log) {
  observer?.onLog(this, log, this.topicId);
  hold.call(this, log);
};

partitions.lead = function (log, assignment) {
  observer?.onLog(this, log, assignment.topicId);
  observer?.onLead(this, log, assignment);
  lead.call(this, log, assignment);
};

partitions.follow = function (log, assignment) {
  observer?.onLog(this, log, assignment.topicId);
  follow.call(this, log, assignment);
  observer?.onFollow(this, log, assignment);
};

const logs = Log.prototype;
const { appendAsLeader, appendAsFollower, resetTo, updateHighWatermark } = logs;

logs.appendAsLeader = function (bytes, epoch, origin, expected) {
  const appended = appendAsLeader.call(this, bytes, epoch, origin, expected);
  if (!appended.duplicate) observer?.onAppended(this, bytes, 'leader');
  return appended;
};

logs.appendAsFollower = function (bytes) {
  const appended = appendAsFollower.call(this, bytes);
  if (bytes.length > 0) observer?.onAppended(this, bytes, 'follower');
  return appended;
};

logs.resetTo = function (startOffset, endOffset) {
  const before = this.endOffset;
  resetTo.call(this, startOffset, endOffset);
  observer?.onReset(this, before);
};

logs.updateHighWatermark = function (to) {
  const before = this.highWatermark;
  updateHighWatermark.call(this, to);
  observer?.onHighWatermark(this, before);
};
