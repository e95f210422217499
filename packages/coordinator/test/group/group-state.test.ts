import { describe, expect, it } from 'vitest';
import { Group } from '../../src/group/group.ts';
import { GROUP_TRANSITIONS, type GroupState, IllegalGroupTransitionError } from '../../src/group/group-state.ts';

const STATES: readonly GroupState[] = [
  { name: 'Empty' },
  { name: 'PreparingRebalance', phase: { kind: 'all members' } },
  { name: 'CompletingRebalance', unsynced: new Set(), assignment: 'awaited' },
  { name: 'Stable', unsynced: new Set() },
  { name: 'Dead' },
];
/** How a group comes into each state. */
const WAYS: Readonly<Record<GroupState['name'], readonly GroupState[]>> = {
  Empty: [],
  PreparingRebalance: STATES.slice(1, 2),
  CompletingRebalance: STATES.slice(1, 3),
  Stable: STATES.slice(1, 4),
  Dead: STATES.slice(4),
};
const PAIRS = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));

describe('a group', () => {
  it.each(PAIRS)('goes from $name to $name as the table says', (from, to) => {
    const group = new Group('g', 0);
    for (const state of WAYS[from.name]) group.moveTo(state, 1);
    const moves = () => group.moveTo(to, 2);
    if (GROUP_TRANSITIONS[from.name].includes(to.name)) moves();
    else expect(moves).toThrow(IllegalGroupTransitionError);
    expect(group.state).toBe(GROUP_TRANSITIONS[from.name].includes(to.name) ? to : group.state);
  });

  it('knows since when it is empty, also where its deletion failed', () => {
    const group = new Group('g', 1);
    group.moveTo({ name: 'Dead' }, 2);
    group.moveTo({ name: 'Empty' }, 3);
    expect(group.stateTimestampMs).toBe(1);
  });
});
