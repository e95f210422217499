import { type GroupApi, type GroupRequest, groupRefusal } from '@barnabas/coordinator';
import type { PeerContext } from '@barnabas/transport';
import type { GroupAnswer, GroupRequestOf } from '../../groups/group-coordinator.ts';
import type { Failure } from '../answered.ts';

/** The answer to a request, of one group or of many, that has failed as a whole. */
export const wholeRefusal =
  <Api extends GroupApi>(api: Api) =>
  ({ error }: Failure, request: GroupRequestOf<Api>['request'], { version }: PeerContext): GroupAnswer<Api> => {
    const asked: GroupRequestOf<Api> = { api, version, request, clientId: '', clientHost: '' };
    return groupRefusal(asked as GroupRequest, error) as GroupAnswer<Api>;
  };
