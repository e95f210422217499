import { describe, expect, it } from 'vitest';
import { Liveness } from '../../src/session/liveness.ts';

describe('Liveness', () => {
  it('counts from the sending of what was answered, not from the answer', () => {
    const liveness = new Liveness(9000, 1000);
    expect([liveness.heartbeatDueMs, liveness.silentDueMs, liveness.lostDueMs]).toEqual([4000, 7000, 10_000]);
    liveness.heartbeatSent(2000);
    liveness.confirmed(2000);
    expect([liveness.heartbeatDueMs, liveness.silentDueMs, liveness.lostDueMs]).toEqual([5000, 8000, 11_000]);
  });

  it('is not set back by a late answer to something older', () => {
    const liveness = new Liveness(9000, 1000);
    liveness.confirmed(500);
    expect(liveness.lostDueMs).toBe(10_000);
  });

  it('takes the timeout of the server that took the session over', () => {
    const liveness = new Liveness(9000, 1000);
    liveness.reattached(6000, 5000);
    expect([liveness.timeoutMs, liveness.heartbeatDueMs, liveness.silentDueMs, liveness.lostDueMs]).toEqual([
      6000, 7000, 9000, 11_000,
    ]);
  });
});
