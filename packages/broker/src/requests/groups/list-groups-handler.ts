import { ERRORS } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { GroupCoordinator } from '../../groups/group-coordinator.ts';
import type { Logger } from '../../logger.ts';
import { answered } from '../answered.ts';

export type ListGroupsHandlerOptions = {
  readonly coordinator: Pick<GroupCoordinator, 'list'>;
  readonly log: Logger;
};

/** The only kind of group that there is here (KIP-848 has others). */
const CLASSIC = 'classic';

/**
 * ListGroups, versions 0 to 5, of the groups that this broker coordinates; COORDINATOR_LOAD_IN_PROGRESS as long as it does not know
 * all of them. Filters do not care for case, and one that is empty lets everything through.
 */
export const listGroupsHandler = ({ coordinator, log }: ListGroupsHandlerOptions): PeerHandler<'ListGroups'> =>
  answered(
    'ListGroups',
    log,
    ({ statesFilter, typesFilter }) => {
      const found = coordinator.list();
      if (found === undefined) return failed(ERRORS.COORDINATOR_NOT_AVAILABLE.code);
      const error = found.isLoading ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE';
      const isWanted = { state: filterOf(statesFilter), type: filterOf(typesFilter) };
      const groups = isWanted.type(CLASSIC) ? found.groups.filter(({ state }) => isWanted.state(state)) : [];
      return {
        throttleTimeMs: 0,
        errorCode: ERRORS[error].code,
        groups: groups.map(({ groupId, protocolType, state }) => ({
          groupId,
          protocolType,
          groupState: state,
          groupType: CLASSIC,
        })),
      };
    },
    ({ error }) => failed(ERRORS[error].code),
  );

const failed = (errorCode: number) => ({ throttleTimeMs: 0, errorCode, groups: [] });

const filterOf = (wanted: readonly string[]): ((name: string) => boolean) => {
  const names = new Set(wanted.map((name) => name.toLowerCase()));
  return (name) => names.size === 0 || names.has(name.toLowerCase());
};
