import type { Group } from './group.ts';
import type { Groups } from './groups.ts';

/** A request for a group must not make it be remembered for ever. */
export const forgetIfUnused = (groups: Groups, group: Group | undefined): void => {
  if (group?.isUnused) groups.remove(group);
};
