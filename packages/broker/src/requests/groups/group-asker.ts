import type { GroupApi } from '@barnabas/coordinator';
import type { PeerContext } from '@barnabas/transport';
import type { GroupAnswer, GroupCoordinator, GroupRequestOf } from '../../groups/group-coordinator.ts';

export type Coordinator = Pick<GroupCoordinator, 'ask'>;

/** Asks the coordinator for one group, in the name of who sent a request. */
export function askGroup<Api extends GroupApi>(
  coordinator: Coordinator,
  api: Api,
  request: GroupRequestOf<Api>['request'],
  { version, clientId, remote, signal }: PeerContext,
): Promise<GroupAnswer<Api>> {
  return coordinator.ask({ api, version, request, clientId: clientId ?? '', clientHost: clientHostOf(remote) }, signal);
}

/** The address alone, as Java prints it: `/10.0.0.7`. */
export const clientHostOf = (remote: string): string => {
  const host = remote.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return `/${host.replace(/^::ffff:(?=[\d.]+$)/, '')}`;
};
