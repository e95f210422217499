import type { GroupRequest, RequestId } from '@barnabas/coordinator';
import { ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ParkedRequests } from '../../src/groups/parked-requests.ts';
import { heartbeatRequest } from '../support/groups/group-requests.ts';

const ALIVE = { throttleTimeMs: 0, errorCode: 0 };

function parkedOne(caller = new AbortController()) {
  const parked = new ParkedRequests();
  const gone: RequestId[] = [];
  const park = () => parked.park(heartbeatRequest('g') as GroupRequest, caller.signal, (id) => gone.push(id));
  return { parked, gone, caller, park, ...park() };
}

describe('requests that wait for a shard', () => {
  it('are answered once, whatever comes after', async () => {
    const { parked, id, answered } = parkedOne();
    parked.answer(id, ALIVE);
    parked.refuse(id, 'NOT_COORDINATOR');
    parked.refuseAll('NOT_COORDINATOR');
    expect(await answered).toEqual(ALIVE);
    expect(parked.has(id)).toBe(false);
  });

  it('have numbers of their own, and are all refused in the end', async () => {
    const { parked, id, answered, park } = parkedOne();
    const other = park();
    expect(other.id).not.toBe(id);
    parked.refuseAll('NOT_COORDINATOR');
    for (const each of [answered, other.answered]) {
      expect(await each).toMatchObject({ errorCode: ERRORS.NOT_COORDINATOR.code });
    }
  });

  it('tell of who is gone before the answer, and not after it', () => {
    const first = parkedOne();
    first.caller.abort();
    expect(first.gone).toEqual([first.id]);
    const second = parkedOne();
    second.parked.answer(second.id, ALIVE);
    second.caller.abort();
    expect(second.gone).toEqual([]);
  });
});
