/** Requests that name many groups: each is asked for by itself, all at the same time, and answered in the order asked. */

import { ERRORS } from '@barnabas/model';
import type { OffsetFetchRequest } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import type { Logger } from '../../logger.ts';
import { answered } from '../answered.ts';
import { ALL_GROUP_OPERATIONS } from '../authorized-operations.ts';
import { askGroup, type Coordinator } from './group-asker.ts';
import { wholeRefusal } from './whole-refusal.ts';

export type ManyGroupsHandlersOptions = { readonly coordinator: Coordinator; readonly log: Logger };

/** From this version on. */
const MANY_OFFSET_FETCHES_FROM = 8;
const NONE = ERRORS.NONE.code;

/** OffsetFetch, versions 0 to 9. Version 0, which reads what Kafka keeps in ZooKeeper, is taken for version 1. */
export const offsetFetchHandler = ({ coordinator, log }: ManyGroupsHandlersOptions): PeerHandler<'OffsetFetch'> =>
  answered(
    'OffsetFetch',
    log,
    async (request, context) => {
      const ask = (one: OffsetFetchRequest) => askGroup(coordinator, 'OffsetFetch', one, context);
      if (context.version < MANY_OFFSET_FETCHES_FROM) return ask(request);
      const answers = await Promise.all(request.groups.map((group) => ask({ ...request, groups: [group] })));
      return { throttleTimeMs: 0, groups: answers.flatMap(({ groups = [] }) => groups) };
    },
    wholeRefusal('OffsetFetch'),
  );

/** DescribeGroups, versions 0 to 5. */
export const describeGroupsHandler = ({ coordinator, log }: ManyGroupsHandlersOptions): PeerHandler<'DescribeGroups'> =>
  answered(
    'DescribeGroups',
    log,
    async (request, context) => {
      const answers = await Promise.all(
        request.groups.map((group) =>
          askGroup(coordinator, 'DescribeGroups', { ...request, groups: [group] }, context),
        ),
      );
      const groups = answers.flatMap((answer) => answer.groups);
      if (!request.includeAuthorizedOperations) return { throttleTimeMs: 0, groups };
      const authorizedOperations = ALL_GROUP_OPERATIONS;
      return {
        throttleTimeMs: 0,
        groups: groups.map((group) => (group.errorCode === NONE ? { ...group, authorizedOperations } : group)),
      };
    },
    wholeRefusal('DescribeGroups'),
  );

/** DeleteGroups, versions 0 to 2. */
export const deleteGroupsHandler = ({ coordinator, log }: ManyGroupsHandlersOptions): PeerHandler<'DeleteGroups'> =>
  answered(
    'DeleteGroups',
    log,
    async (request, context) => {
      const answers = await Promise.all(
        request.groupsNames.map((name) => askGroup(coordinator, 'DeleteGroups', { groupsNames: [name] }, context)),
      );
      return { throttleTimeMs: 0, results: answers.flatMap(({ results }) => results) };
    },
    wholeRefusal('DeleteGroups'),
  );
