import { type Offset, offset } from '@barnabas/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProduceResult } from '../../../src/replication/replicas.ts';
import { AppendWait } from '../../../src/replication/waits/append-wait.ts';
import { OffsetWaits } from '../../../src/replication/waits/offset-waits.ts';
import { ProduceRequest } from '../../../src/replication/waits/produce-request.ts';

/** What became of each wait, by its place. */
class RecordingRequest extends ProduceRequest {
  readonly settled: { place: number; result: ProduceResult }[] = [];

  override settle(place: number, result: ProduceResult): void {
    this.settled.push({ place, result });
  }
}

const context = () => {
  const waits = new OffsetWaits();
  const request = new RecordingRequest(1000);
  const owner = {
    remove: (wait: AppendWait) => waits.remove(wait),
    whyNotYet: () => ({ error: 'REQUEST_TIMED_OUT', message: '' }) as const,
  };
  const result = {
    kind: 'appended',
    baseOffset: offset(0),
    logAppendTimeMs: undefined,
    logStartOffset: offset(0),
  } as const;
  let place = 0;
  const add = (required: number): AppendWait => {
    const wait = new AppendWait(request, place++, offset(required), result, owner);
    waits.add(wait);
    return wait;
  };
  return { waits, request, add };
};

describe('OffsetWaits', () => {
  it('settles those whose end is reached, and no others', () => {
    const { waits, request, add } = context();
    for (const required of [1, 2, 2, 5]) add(required);
    waits.reached(offset(2));
    expect(request.settled.map(({ place }) => place)).toEqual([0, 1, 2]);
    expect(waits.size).toBe(1);
  });

  it('fails all that are left, as appended', () => {
    const { waits, request, add } = context();
    add(1);
    add(2);
    waits.reached(offset(1));
    waits.failAll('NOT_LEADER_OR_FOLLOWER', 'gone');
    expect(request.settled.map(({ result }) => result.kind)).toEqual(['appended', 'failed']);
    expect(request.settled[1]?.result).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: true });
    expect(waits.size).toBe(0);
  });

  it('takes out one that has expired', () => {
    const { waits, request, add } = context();
    add(1);
    add(2).expire();
    waits.reached(offset(9));
    expect(request.settled.map(({ result }) => result.kind)).toEqual(['failed', 'appended']);
  });

  it('settles as a plain list would, in whatever order they come', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), value: fc.nat(60) }),
      fc.record({ kind: fc.constant('reached' as const), value: fc.nat(60) }),
      fc.record({ kind: fc.constant('remove' as const), value: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { waits, request, add } = context();
        let model: { wait: AppendWait; required: Offset; place: number }[] = [];
        const expected = new Set<number>();
        let place = 0;
        for (const { kind, value } of steps) {
          if (kind === 'add') model.push({ wait: add(value), required: offset(value), place: place++ });
          else if (kind === 'remove') {
            const [removed] = model.splice(value, 1);
            if (removed !== undefined) waits.remove(removed.wait);
          } else {
            for (const each of model) if (each.required <= value) expected.add(each.place);
            model = model.filter((each) => each.required > value);
            waits.reached(offset(value));
          }
        }
        expect(new Set(request.settled.map((each) => each.place))).toEqual(expected);
        expect(request.settled.length).toBe(expected.size);
        expect(waits.size).toBe(model.length);
      }),
    );
  });

  it('keeps nothing of what is settled, however many wait behind', () => {
    const { waits, request, add } = context();
    for (let required = 1; required <= 5000; required++) add(required);
    for (let end = 1; end <= 5000; end += 7) waits.reached(offset(end));
    waits.reached(offset(5000));
    expect(request.settled.map(({ place }) => place)).toEqual(Array.from({ length: 5000 }, (_, at) => at));
  });
});
