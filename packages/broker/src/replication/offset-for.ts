import { KafkaError, type Offset } from '@barnabas/model';
import { EARLIEST_TIMESTAMP, isLogDamage, LATEST_TIMESTAMP, type Log, type TimestampMatch } from '@barnabas/storage';
import { readFault } from './find-partition.ts';
import type { Partition } from './partition/partition.ts';
import type { OffsetAnswer, OffsetQuery } from './replicas.ts';

/**
 * Answers one partition of ListOffsets. A consumer is told of nothing beyond what it may read; right after an election even
 * that is not known, until the high watermark has come to where the leader's epoch begins: it might seem to go back.
 *
 * Source: Kafka's Partition.fetchOffsetForTimestamp.
 */
export async function offsetFor(partition: Partition, query: OffsetQuery): Promise<OffsetAnswer> {
  const fault = readFault(partition, query.currentLeaderEpoch, query.asker !== 'debugger');
  const { log } = partition;
  if (fault !== undefined) return { kind: 'failed', error: fault, message: `${partition.name} cannot be asked here` };
  if (log === undefined) {
    return { kind: 'failed', error: 'NOT_LEADER_OR_FOLLOWER', message: `there is no log of ${partition.name} here` };
  }
  try {
    if (query.timestamp === LATEST_TIMESTAMP) return latest(partition, log, query);
    const found = await log.offsetForTimestamp(query.timestamp);
    const faultNow = readFault(partition, query.currentLeaderEpoch, query.asker !== 'debugger');
    if (faultNow !== undefined) return { kind: 'failed', error: faultNow, message: `${partition.name} has moved` };
    return withinReach(partition, log, query, found);
  } catch (error) {
    if (isLogDamage(error)) partition.onDamage(log, error);
    if (!(error instanceof KafkaError)) throw error;
    return { kind: 'failed', error: error.error, message: error.message };
  }
}

const latest = (partition: Partition, log: Log, query: OffsetQuery): OffsetAnswer => {
  const end = reachOf(log, query);
  const { leadership } = partition;
  if (query.asker === 'consumer' && leadership !== undefined && end < leadership.epochStart) return notYet(partition);
  // A debugger wants to know what the log is, not who leads: rule 5 elects by (last epoch, log end).
  const leaderEpoch = query.asker === 'debugger' ? log.latestEpoch : leadership?.epoch;
  return { kind: 'found', offset: end, timestamp: -1, leaderEpoch };
};

const withinReach = (
  partition: Partition,
  log: Log,
  query: OffsetQuery,
  found: TimestampMatch | undefined,
): OffsetAnswer => {
  const isReachable =
    found !== undefined && (query.timestamp === EARLIEST_TIMESTAMP || found.offset < reachOf(log, query));
  if (isReachable) return { kind: 'found', ...found };
  const { leadership } = partition;
  const mayYetBe =
    query.asker === 'consumer' && leadership !== undefined && reachOf(log, query) < leadership.epochStart;
  return mayYetBe ? notYet(partition) : { kind: 'none' };
};

const reachOf = (log: Log, { asker, isolation }: OffsetQuery): Offset => {
  if (asker !== 'consumer') return log.endOffset;
  return isolation === 'read_committed' ? log.lastStableOffset : log.highWatermark;
};

const notYet = ({ name }: Partition): OffsetAnswer => ({
  kind: 'failed',
  error: 'OFFSET_NOT_AVAILABLE',
  message: `the new leader of ${name} does not know yet how far it is committed`,
});
