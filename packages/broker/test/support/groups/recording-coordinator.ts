import { type GroupApi, type GroupRequest, groupRefusal } from '@barnabas/coordinator';
import type { ErrorName } from '@barnabas/model';
import type { GroupAnswer, GroupRequestOf, ListedGroups } from '../../../src/groups/group-coordinator.ts';

/** Answers every request with an error, the one of its group, or none; remembers what it was asked. */
export class RecordingCoordinator {
  readonly asked: GroupRequest[] = [];
  readonly errors = new Map<string, ErrorName>();
  listed: ListedGroups | undefined = { isLoading: false, groups: [] };
  fault: Error | undefined;

  async ask<Api extends GroupApi>(asked: GroupRequestOf<Api>): Promise<GroupAnswer<Api>> {
    if (this.fault !== undefined) throw this.fault;
    const request = asked as GroupRequest;
    this.asked.push(request);
    const text = JSON.stringify(request.request, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    const [, error = 'NONE'] = [...this.errors].find(([group]) => text.includes(group)) ?? [];
    return groupRefusal(request, error) as GroupAnswer<Api>;
  }

  list(): ListedGroups | undefined {
    return this.listed;
  }
}
