import type { GroupApi, GroupRequest } from '@barnabas/coordinator';
import { ERRORS } from '@barnabas/model';
import { APIS, type Message } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeRefusal } from '../../../src/requests/groups/whole-refusal.ts';
import { arbitraryRequest } from '../../support/arbitrary-request.ts';
import { contextOf } from '../../support/ask.ts';

const GROUP_APIS: readonly GroupApi[] = [
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'LeaveGroup',
  'OffsetCommit',
  'OffsetFetch',
  'DescribeGroups',
  'DeleteGroups',
  'OffsetDelete',
];
const { code } = ERRORS.NOT_COORDINATOR;

describe('the refusal of a whole request', () => {
  it.each(GROUP_APIS)('has place in every version of %s, and says why wherever the request names anything', (api) => {
    const response: Message<object, object> = APIS[api].response;
    fc.assert(
      fc.property(arbitraryRequest(api), ({ version, request }) => {
        const asked = { api, version, request, clientId: '', clientHost: '' } as unknown as GroupRequest;
        const failure = { error: 'NOT_COORDINATOR', message: '' } as const;
        const answer = wholeRefusal(api)(failure, asked.request as never, contextOf(version));
        const decoded = JSON.stringify(response.decode(version, response.encode(version, answer)), (_, value) =>
          typeof value === 'bigint' ? `${value}` : value,
        );
        const names = namesIn(asked);
        expect(decoded.split(`"errorCode":${code}`).length - 1).toBe(names);
      }),
    );
  });
});

/** What in a request is answered an error of its own. */
function namesIn(asked: GroupRequest): number {
  switch (asked.api) {
    case 'OffsetCommit':
      return asked.request.topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
    case 'OffsetFetch':
      if (asked.version >= 8) return asked.request.groups.length;
      if (asked.version >= 2) return 1;
      return (asked.request.topics ?? []).reduce((sum, { partitionIndexes }) => sum + partitionIndexes.length, 0);
    case 'DescribeGroups':
      return asked.request.groups.length;
    case 'DeleteGroups':
      return asked.request.groupsNames.length;
    default:
      return 1;
  }
}
