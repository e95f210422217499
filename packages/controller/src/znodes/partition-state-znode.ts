import type { TopicPartition } from '@barnabas/model';
import {
  decodePartitionState,
  MalformedZnodeError,
  type PartitionState,
  partitionStatePath,
  readOptional,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';

/** What is in the znode of a partition's state. */
export type StateZnode =
  | { readonly kind: 'found'; readonly state: PartitionState; readonly version: number; readonly mzxid: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed'; readonly error: MalformedZnodeError };

/** Rejects with ZooKeeperError. */
export async function readStateZnode(session: ZooKeeperSession, partition: TopicPartition): Promise<StateZnode> {
  const found = await readOptional(session, partitionStatePath(partition));
  if (found === undefined) return { kind: 'none' };
  try {
    const state = decodePartitionState(partition, found.data);
    if (state.isr.length === 0) throw new MalformedZnodeError(partitionStatePath(partition), 'the ISR is empty');
    return { kind: 'found', state, version: found.stat.version, mzxid: found.stat.mzxid };
  } catch (error) {
    if (error instanceof MalformedZnodeError) return { kind: 'malformed', error };
    throw error;
  }
}
