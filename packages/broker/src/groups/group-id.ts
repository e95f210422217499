import type { GroupApi, GroupRequest } from '@barnabas/coordinator';

/** From this version on OffsetFetch has groups. */
const MANY_OFFSET_FETCHES_FROM = 8;

/** Offsets may be committed and looked at under an empty id, as simple consumers of old did; members need one that is not. */
const EMPTY_ALLOWED: ReadonlySet<GroupApi> = new Set(['OffsetCommit', 'OffsetFetch', 'DescribeGroups', 'DeleteGroups']);

export const mayBeEmpty = (api: GroupApi): boolean => EMPTY_ALLOWED.has(api);

/** The one group that the request is about. */
export function groupIdOf({ api, version, request }: GroupRequest): string {
  switch (api) {
    case 'DescribeGroups':
      return request.groups[0] ?? '';
    case 'DeleteGroups':
      return request.groupsNames[0] ?? '';
    case 'OffsetFetch':
      return version < MANY_OFFSET_FETCHES_FROM ? request.groupId : (request.groups[0]?.groupId ?? '');
    default:
      return request.groupId;
  }
}
