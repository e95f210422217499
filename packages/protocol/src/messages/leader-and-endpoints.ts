/** What Fetch and Produce both say about a leader that has moved (KIP-951). */
import { int32, string, struct } from '../schema/field.ts';

export const LeaderIdAndEpoch = struct({
  leaderId: int32('0+', { default: -1 }),
  leaderEpoch: int32('0+', { default: -1 }),
});

export const NodeEndpoint = struct({
  nodeId: int32('0+'),
  host: string('0+'),
  port: int32('0+'),
  rack: string('0+', { nullable: '0+', default: null }),
});
