import type { GroupResponse } from '../groups/group-shard.ts';

/** What a request is answered at once, or PARKED where the answer comes in this turn or a later one through `Turn.reply`. */
export type Answer = GroupResponse | typeof PARKED;
export const PARKED = 'parked';
