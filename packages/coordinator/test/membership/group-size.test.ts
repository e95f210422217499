import { describe, expect, it } from 'vitest';
import { GROUP_BOUNDS } from '../../src/group/group-bounds.ts';
import { heartbeatAsk, joinAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

describe('group.max.size', () => {
  it('keeps a new member out of a group that is full', () => {
    const host = new ShardHost({ limits: { maxSize: 2 } });
    stableGroup(host, [{}, {}]);
    expect(host.error(host.ask(joinAsk()))).toBe('GROUP_MAX_SIZE_REACHED');
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it('lets in those that join first, where more do', () => {
    const host = new ShardHost({ limits: { maxSize: 2 } });
    const requests = [1, 2, 3].map(() => newMember(host).request);
    expect(requests.map((request) => host.error(request))).toEqual([undefined, undefined, 'GROUP_MAX_SIZE_REACHED']);
  });

  it('rebalances a group that is too large when it is read, and lets in as many as are allowed', () => {
    const host = new ShardHost();
    const { ids } = stableGroup(host, [{}, {}, {}]);
    host.moveTo({ maxSize: 2 });
    expect(host.error(host.ask(heartbeatAsk({ memberId: ids[0] ?? '' })))).toBe('REBALANCE_IN_PROGRESS');
    const requests = ids.map((memberId) => host.ask(joinAsk({ memberId })));
    expect(host.error(requests[2] ?? -1)).toBe('GROUP_MAX_SIZE_REACHED');
    expect(requests.slice(0, 2).map((request) => answered(host, request).generationId)).toEqual([2, 2]);
  });
});

describe('what the members of a group say', () => {
  it('takes no more memory than is allowed', () => {
    const host = new ShardHost();
    const protocols = [{ name: 'range', metadata: Buffer.alloc(GROUP_BOUNDS.membersBytes / 2) }];
    const first = newMember(host, { protocols });
    expect(host.error(newMember(host, { protocols }).request)).toBe('GROUP_MAX_SIZE_REACHED');
    const again = host.ask(joinAsk({ memberId: first.id, protocols }));
    expect(host.answer(again)).toBeUndefined();
  });
});
