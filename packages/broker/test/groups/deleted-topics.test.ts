import { describe, expect, it } from 'vitest';
import { type ClusterImage, EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { deletedTopics } from '../../src/groups/deleted-topics.ts';

const imageOf = (ids: Readonly<Record<string, string | undefined>>): ClusterImage => ({
  ...EMPTY_CLUSTER,
  topics: new Map(Object.entries(ids).map(([name, topicId]) => [name, { name, topicId, partitions: new Map() }])),
});

describe('topics that were deleted', () => {
  it('are those that are gone, and those whose name another one has', () => {
    const before = imageOf({ kept: 'a', gone: 'b', other: 'c' });
    expect(deletedTopics(before, imageOf({ kept: 'a', other: 'd', fresh: 'e' }))).toEqual(['gone', 'other']);
  });

  it('are none where a topic has only got its id', () => {
    expect(deletedTopics(imageOf({ t: undefined }), imageOf({ t: 'a' }))).toEqual([]);
  });

  it('are none before anything was known', () => {
    expect(deletedTopics(EMPTY_CLUSTER, imageOf({ t: 'a' }))).toEqual([]);
  });
});
