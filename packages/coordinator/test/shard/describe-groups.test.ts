import { AUTHORIZED_OPERATIONS_OMITTED } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { describeAsk } from '../support/asks.ts';
import { newMember, stableGroup } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

describe('DescribeGroups', () => {
  it('tells of a group that is not there that it is dead', () => {
    const nothing = {
      authorizedOperations: AUTHORIZED_OPERATIONS_OMITTED,
      groupState: 'Dead',
      protocolType: '',
      protocolData: '',
      members: [],
    };
    expect(new ShardHost().call(describeAsk()).groups).toEqual([{ errorCode: 0, groupId: 'g', ...nothing }]);
  });

  it('tells who the members are, and what they say and are assigned while the group is stable', () => {
    const host = new ShardHost();
    const protocols = [{ name: 'range', metadata: Buffer.from('says') }];
    const { ids } = stableGroup(host, [{ protocols, groupInstanceId: 'i' }]);
    const member = { memberId: ids[0], groupInstanceId: 'i', clientId: 'client', clientHost: '/10.0.0.7' };
    const [stable] = host.call(describeAsk()).groups;
    expect(stable).toMatchObject({ groupState: 'Stable', protocolType: 'consumer', protocolData: 'range' });
    expect(stable?.members).toEqual([
      { ...member, memberMetadata: Buffer.from('says'), memberAssignment: Buffer.from('m0') },
    ]);
    newMember(host);
    const [rebalancing] = host.call(describeAsk()).groups;
    expect(rebalancing).toMatchObject({ groupState: 'PreparingRebalance', protocolType: 'consumer', protocolData: '' });
    expect(rebalancing?.members[0]).toEqual({
      ...member,
      memberMetadata: Buffer.alloc(0),
      memberAssignment: Buffer.alloc(0),
    });
  });
});
