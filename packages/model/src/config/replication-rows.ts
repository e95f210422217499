import { row } from './row.ts';
import { boolean, int, listOf } from './value-type.ts';

/** What a topic says about its replicas. */
export const REPLICATION_ROWS = {
  minInsyncReplicas: row({
    topic: 'min.insync.replicas',
    broker: [{ name: 'min.insync.replicas' }],
    type: int({ min: 1 }),
    default: 1,
    dynamic: true,
    honoured: true,
    sentence: 'Number of replicas that must have a record before a producer that asks for `acks=all` is answered.',
  }),
  uncleanLeaderElectionEnable: row({
    topic: 'unclean.leader.election.enable',
    broker: [{ name: 'unclean.leader.election.enable' }],
    type: boolean,
    default: false,
    dynamic: true,
    honoured: true,
    sentence: 'Whether a replica out of sync may lead when no other is left, at the price of acknowledged records.',
  }),
  leaderReplicationThrottledReplicas: row({
    topic: 'leader.replication.throttled.replicas',
    broker: [],
    type: listOf(/^(\*|\d+:\d+)$/, '*, or pairs of partition:broker with commas between them'),
    default: [],
    dynamic: false,
    honoured: false,
    sentence: 'Replicas whose fetches the leader throttles.',
  }),
  followerReplicationThrottledReplicas: row({
    topic: 'follower.replication.throttled.replicas',
    broker: [],
    type: listOf(/^(\*|\d+:\d+)$/, '*, or pairs of partition:broker with commas between them'),
    default: [],
    dynamic: false,
    honoured: false,
    sentence: 'Replicas whose fetches the follower throttles.',
  }),
};
