import { controllerEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ControllerFence } from '../../src/cluster/controller-fence.ts';

describe('ControllerFence', () => {
  it('admits epochs as long as they do not fall', () => {
    const fence = new ControllerFence();
    expect([3, 3, 5, 4, 5, 6].map((epoch) => fence.admits(controllerEpoch(epoch)))).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(fence.lastEpoch).toBe(6);
  });
});
