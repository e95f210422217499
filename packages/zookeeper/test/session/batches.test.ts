import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBatches, runBatches } from '../../src/session/batches.ts';
import { multiOpSizeBytes } from '../../src/session/request-size.ts';
import type { TransactionOp, ZooKeeperSession } from '../../src/session/session.ts';
import { multiOpAt } from '../../src/session/transaction.ts';
import { MultiError, ZooKeeperError } from '../../src/session/zookeeper-error.ts';

const FENCE: TransactionOp = { type: 'check', path: '/controller_epoch', version: 3 };

describe('cutBatches', () => {
  it('keeps every step in its place and stays within the limits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 300 }), { maxLength: 50 }),
        fc.integer({ min: 100, max: 2000 }),
        fc.integer({ min: 1, max: 10 }),
        (sizes, maxBytes, maxOps) => {
          const ops = sizes.map((size, index) => setOf(`/${index}`, size));
          const batches = cutBatches(ops, { prefix: [FENCE], maxBytes, maxOps });
          expect(batches.flat()).toEqual(ops);
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(maxOps);
            const isWithin = bytesOf([FENCE, ...batch]) <= maxBytes;
            expect(isWithin || batch.length === 1).toBe(true);
          }
        },
      ),
    );
  });

  it('makes no batch of no steps, and no more batches than it must', () => {
    expect(cutBatches([], { prefix: [FENCE] })).toEqual([]);
    const ops = Array.from({ length: 2500 }, (_, index) => setOf(`/${index}`, 100));
    expect(cutBatches(ops).map(({ length }) => length)).toEqual([1000, 1000, 500]);
    const large = Array.from({ length: 3 }, (_, index) => setOf(`/${index}`, 200 * 1024));
    expect(cutBatches(large).map(({ length }) => length)).toEqual([2, 1]);
  });
});

describe('runBatches', () => {
  it('begins each transaction with the prefix and says of each what became of it', async () => {
    const fenced = new MultiError(0, 'BAD_VERSION', 'fenced', '/controller_epoch');
    const failed = new MultiError(1, 'NO_NODE', 'gone', '/c');
    const lost = new ZooKeeperError('CONNECTION_LOSS', 'lost', { outcome: 'unknown' });
    const answers = [[{ type: 'check' }, { type: 'delete' }], fenced, failed, lost];
    const asked: (readonly TransactionOp[])[] = [];
    const session = {
      async multi(ops: readonly TransactionOp[]) {
        asked.push(ops);
        const answer = answers[asked.length - 1];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as ZooKeeperSession;
    const ops: TransactionOp[] = ['/a', '/b', '/c', '/d'].map((path) => ({ type: 'delete', path, version: 0 }));
    const outcomes = await runBatches(session, ops, { prefix: [FENCE], maxOps: 1 });
    expect(asked).toEqual(ops.map((op) => [FENCE, op]));
    expect(outcomes).toEqual([
      { type: 'done', ops: [ops[0]], results: [{ type: 'delete' }] },
      { type: 'refused', ops: [ops[1]], error: fenced, prefixFailed: true },
      { type: 'refused', ops: [ops[2]], error: failed, prefixFailed: false },
      { type: 'unknown', ops: [ops[3]], error: lost, prefixFailed: false },
    ]);
  });
});

function setOf(path: string, sizeBytes: number): TransactionOp {
  return { type: 'set', path, data: new Uint8Array(sizeBytes), version: 0 };
}

function bytesOf(ops: readonly TransactionOp[]): number {
  return ops.reduce((sum, op) => sum + multiOpSizeBytes(multiOpAt(op, op.path)), 0);
}
