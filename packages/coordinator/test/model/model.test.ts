import fc from 'fast-check';
import { describe, it } from 'vitest';
import { action } from './actions.ts';
import { ModelWorld } from './model-world.ts';

describe('groups whose members, coordinator and log do as they like', () => {
  it('answer each request once, have one owner for each partition in a generation, and are in the log as they are', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 80, size: 'max' }), (actions) => {
        const world = new ModelWorld();
        for (const each of actions) world.act(each);
        world.finish();
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
