import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGroupShard, type GroupRequest } from '@barnabas/coordinator';
import { offset } from '@barnabas/model';
import type { OffsetFetchResponse } from '@barnabas/protocol';
import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { GroupRecords } from '../../src/groups/loading/group-records.ts';
import { fetchRequest } from '../support/groups/group-requests.ts';
import { recordingLog } from '../support/recording-log.ts';

const GOLDEN = fileURLToPath(new URL('../../../../test/golden/', import.meta.url));
const DIRECTORY = join(GOLDEN, 'cluster/broker-2/data');
const LIMITS = {
  minSessionTimeoutMs: 6000,
  maxSessionTimeoutMs: 1_800_000,
  maxSize: 100,
  initialRebalanceDelayMs: 3000,
  offsetMetadataMaxBytes: 4096,
  offsetsRetentionMs: 604_800_000,
  retentionCheckIntervalMs: 600_000,
};

type Offset = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
};
type Group = { readonly offsetsPartition: number; readonly state: string; readonly offsets: readonly Offset[] };
const { groups } = JSON.parse(readFileSync(join(GOLDEN, 'expected/broker-answers.json'), 'utf8')) as {
  groups: Record<string, Group>;
};

/** The groups of a partition as they are loaded from the files of Apache Kafka. */
function loaded(partition: number) {
  const directory = join(DIRECTORY, `__consumer_offsets-${partition}`);
  const files = readdirSync(directory).filter((name) => name.endsWith('.log'));
  const bytes = Buffer.concat(files.sort().map((name) => readFileSync(join(directory, name))));
  const shard = createGroupShard({ limits: LIMITS, random: seededRandom(1) });
  const log = recordingLog();
  for (const found of new GroupRecords(`${partition}`, log).read(bytes, offset(0))) {
    for (const record of found) shard.replay(record);
  }
  shard.loaded(0);
  return { shard, lines: log.lines };
}

describe('the groups of Apache Kafka', () => {
  it.each(Object.entries(groups))('%s is loaded with its state and its offsets', (groupId, expected) => {
    const { shard, lines } = loaded(expected.offsetsPartition);
    expect(lines).toEqual([]);
    const [effect] = shard.handle(1, fetchRequest(groupId) as GroupRequest, 0);
    if (effect?.kind !== 'reply') throw new Error('no reply');
    const { topics } = effect.response as OffsetFetchResponse;
    const found = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, committedOffset, metadata }) => {
        return `${name}-${partitionIndex} ${committedOffset} ${metadata}`;
      }),
    );
    const offsets = expected.offsets.map((each) => `${each.topic}-${each.partition} ${each.offset} ${each.metadata}`);
    expect(found.sort()).toEqual(offsets.sort());
    const state = shard.list().find((group) => group.groupId === groupId)?.state ?? 'Dead';
    expect(state).toBe(expected.state);
  });
});
