import type { PeerHandler, PeerHandlers } from '@barnabas/transport';
import type { GroupCoordinator } from '../../groups/group-coordinator.ts';
import { answered } from '../answered.ts';
import { type FindCoordinatorHandlerOptions, findCoordinatorHandler } from './find-coordinator-handler.ts';
import { askGroup } from './group-asker.ts';
import { listGroupsHandler } from './list-groups-handler.ts';
import { deleteGroupsHandler, describeGroupsHandler, offsetFetchHandler } from './many-groups-handlers.ts';
import { type OffsetHandlersOptions, offsetCommitHandler, offsetDeleteHandler } from './offset-handlers.ts';
import { wholeRefusal } from './whole-refusal.ts';

export type GroupHandlersOptions = FindCoordinatorHandlerOptions &
  OffsetHandlersOptions & { readonly coordinator: Pick<GroupCoordinator, 'ask' | 'list'> };

/** What a member asks for itself. */
type MemberApi = 'JoinGroup' | 'SyncGroup' | 'Heartbeat' | 'LeaveGroup';
type OfferedApi =
  | MemberApi
  | 'FindCoordinator'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'DescribeGroups'
  | 'ListGroups'
  | 'DeleteGroups'
  | 'OffsetDelete';

/** The handlers of all that is about groups. */
export function groupHandlers(options: GroupHandlersOptions): Required<Pick<PeerHandlers, OfferedApi>> {
  const { coordinator, log } = options;
  const memberHandler = <Api extends MemberApi>(api: Api): PeerHandler<Api> =>
    answered(api, log, (request, context) => askGroup(coordinator, api, request, context), wholeRefusal(api));
  return {
    FindCoordinator: findCoordinatorHandler(options),
    JoinGroup: memberHandler('JoinGroup'),
    SyncGroup: memberHandler('SyncGroup'),
    Heartbeat: memberHandler('Heartbeat'),
    LeaveGroup: memberHandler('LeaveGroup'),
    OffsetCommit: offsetCommitHandler(options),
    OffsetFetch: offsetFetchHandler(options),
    DescribeGroups: describeGroupsHandler(options),
    ListGroups: listGroupsHandler(options),
    DeleteGroups: deleteGroupsHandler(options),
    OffsetDelete: offsetDeleteHandler(options),
  };
}
