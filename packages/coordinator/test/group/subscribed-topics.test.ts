import { encodeSubscription } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/group/member.ts';
import { subscribedTopics } from '../../src/group/subscribed-topics.ts';

const member = (metadata: Buffer): Member => ({
  id: 'm',
  groupInstanceId: null,
  clientId: 'c',
  clientHost: '/h',
  terms: { rebalanceTimeoutMs: 1, sessionTimeoutMs: 1, protocols: [{ name: 'range', metadata }] },
  assignment: Buffer.alloc(0),
  joinRequest: null,
  syncRequest: null,
  isNew: false,
});
const subscribes = (...topics: string[]) => member(encodeSubscription({ topics, userData: null }));

describe('subscribedTopics', () => {
  it('are those of all members', () => {
    expect(subscribedTopics('consumer', 'range', [subscribes('a', 'b'), subscribes('b', 'c')])).toEqual(new Set('abc'));
  });

  it('are none of a group without members', () => {
    expect(subscribedTopics('consumer', null, [])).toEqual(new Set());
  });

  it('are not known of groups of another type, nor without a protocol', () => {
    expect(subscribedTopics('connect', 'range', [subscribes('a')])).toBeNull();
    expect(subscribedTopics(null, null, [])).toBeNull();
    expect(subscribedTopics('consumer', null, [subscribes('a')])).toBeNull();
  });

  it.each([
    Buffer.alloc(0),
    Buffer.from([0]),
    Buffer.from([0xff, 0xff, 0, 0, 0, 0]),
    Buffer.from([0, 0, 0, 0, 0, 9]),
  ])('are not known where a member says %j', (metadata) => {
    expect(subscribedTopics('consumer', 'range', [subscribes('a'), member(metadata)])).toBeNull();
  });

  it('are read of versions that are not known yet, with whatever follows', () => {
    const newer = Buffer.concat([
      Buffer.from([0, 99]),
      subscribes('a').terms.protocols[0]?.metadata.subarray(2, 9) ?? Buffer.alloc(0),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2]),
    ]);
    expect(subscribedTopics('consumer', 'range', [member(newer)])).toEqual(new Set(['a']));
  });
});
