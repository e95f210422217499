import { encodeGroupMetadata, encodeOffsetCommit } from '@barnabas/protocol';
import type { Content } from './content.ts';

/** A group without members, and an offset that it has committed for each partition from 0 on. */
export const GROUP = 'readers-of-ours';
export const COMMITTED_OFFSETS = [3, 1, 4, 1, 5];

/** What a group coordinator writes: offsets, later offsets in their place, a deleted one, and the group. */
export const consumerOffsets = (topic: string): Content => ({
  name: 'consumer offsets',
  config: { cleanupPolicy: ['compact'], segmentBytes: 1201 },
  fill: async (scribe, source) => {
    const append = async (record: { key: Buffer; value: Buffer | null }): Promise<void> => {
      source.batch(1);
      await scribe.append({ records: [{ ...record, timestamp: source.nowMs }] }, 'coordinator');
    };
    const commit = (partition: number, offset: number): Promise<void> =>
      append(
        encodeOffsetCommit(
          { group: GROUP, topic, partition },
          { offset: BigInt(offset), leaderEpoch: 0, metadata: 'größe', commitTimestamp: BigInt(source.nowMs) },
        ),
      );
    for (let round = 0; round < 4; round++) {
      for (const [partition] of COMMITTED_OFFSETS.entries()) await commit(partition, round);
    }
    for (const [partition, offset] of COMMITTED_OFFSETS.entries()) await commit(partition, offset);
    await commit(COMMITTED_OFFSETS.length, 1);
    await append(encodeOffsetCommit({ group: GROUP, topic, partition: COMMITTED_OFFSETS.length }, null));
    await append(
      encodeGroupMetadata(
        { group: GROUP },
        {
          protocolType: 'consumer',
          generation: 2,
          protocol: null,
          leader: null,
          currentStateTimestamp: BigInt(source.nowMs),
          members: [],
        },
      ),
    );
  },
});
