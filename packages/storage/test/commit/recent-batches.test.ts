import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { RecentBatches } from '../../src/commit/recent-batches.ts';
import { replicated } from '../log/batches.ts';
import { LogContext } from '../log/log-context.ts';

const END = offset(100);

const batch = (at: number): Buffer => replicated(at, { valueBytes: 1000 });

describe('recent batches', () => {
  it('are shared out of one budget: a log that finds no room in it keeps nothing', async () => {
    const { segments } = (await LogContext.create()).log.parts;
    const budget = { usedBytes: 0, limitBytes: 2500 };
    const [one, other] = [new RecentBatches(budget), new RecentBatches(budget)];
    one.keep(segments.active, 0, batch(0));
    other.keep(segments.active, 0, batch(0));
    other.keep(segments.active, batch(0).length, batch(1));
    expect(one.from(offset(0), END)?.batches).toHaveLength(1);
    expect(other.from(offset(0), END)).toBeUndefined();
    other.keep(segments.active, 2 * batch(0).length, batch(2));
    expect(other.from(offset(2), END)?.batches).toHaveLength(1);
  });

  it('do not keep the whole request in memory that a small one came in', async () => {
    const { segments } = (await LogContext.create()).log.parts;
    const recent = new RecentBatches({ usedBytes: 0, limitBytes: 1_000_000 });
    const request = Buffer.concat([batch(0), Buffer.alloc(100_000)]);
    recent.keep(segments.active, 0, request.subarray(0, batch(0).length));
    const [kept] = recent.from(offset(0), END)?.batches ?? [];
    expect(kept?.equals(batch(0))).toBe(true);
    expect(kept?.buffer.byteLength).toBe(batch(0).length);
  });

  it('follow each other: one that does not begins anew', async () => {
    const { segments } = (await LogContext.create()).log.parts;
    const recent = new RecentBatches({ usedBytes: 0, limitBytes: 1_000_000 });
    recent.keep(segments.active, 0, batch(0));
    recent.keep(segments.active, 5000, batch(5));
    expect(recent.from(offset(0), END)).toBeUndefined();
    expect(recent.from(offset(5), END)).toMatchObject({ position: 5000 });
    expect(recent.from(offset(3), END)).toBeUndefined();
  });
});
