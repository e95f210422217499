import { describe, expect, it } from 'vitest';
import type { MultiResult } from '../../src/operation/reply.ts';
import type { Stat } from '../../src/operation/stat.ts';
import type { TransactionOp } from '../../src/session/session.ts';
import { MultiError } from '../../src/session/zookeeper-error.ts';
import { scriptedSession } from '../support/scripted-session.ts';

const STAT = { version: 1 } as Stat;
const OPS: readonly TransactionOp[] = [
  { type: 'check', path: '/a', version: 0 },
  { type: 'create', path: '/a/b-', data: null, mode: 'persistentSequential' },
  { type: 'set', path: '/a', data: null, version: -1 },
  { type: 'delete', path: '/c', version: 2 },
];

describe('multi', () => {
  it('comes to what each step came to', async () => {
    const { results } = await multi([
      { op: 'check' },
      { op: 'create', path: '/a/b-0000000007' },
      { op: 'setData', stat: STAT },
      { op: 'delete' },
    ]);
    expect(await results).toEqual([
      { type: 'check' },
      { type: 'create', path: '/a/b-0000000007' },
      { type: 'set', stat: STAT },
      { type: 'delete' },
    ]);
  });

  it('names the step that could not be done', async () => {
    const codes = [0, 0, -103, -2];
    const { results } = await multi(codes.map((code) => ({ op: 'error', code })));
    await expect(results).rejects.toBeInstanceOf(MultiError);
    await expect(results).rejects.toMatchObject({ index: 2, code: 'BAD_VERSION', path: '/a', outcome: 'refused' });
  });

  it.each<[string, MultiResult[]]>([
    ['too few', [{ op: 'check' }]],
    ['of other kinds', [{ op: 'check' }, { op: 'delete' }, { op: 'setData', stat: STAT }, { op: 'delete' }]],
  ])('does not believe in results that are %s', async (_, results) => {
    await expect((await multi(results)).results).rejects.toMatchObject({
      code: 'MARSHALLING_ERROR',
      outcome: 'unknown',
    });
  });
});

async function multi(results: readonly MultiResult[]) {
  const { link, session } = await scriptedSession();
  const promise = session.multi(OPS);
  link.answer({ type: 'reply', reply: { op: 'multi', results } });
  return { results: promise };
}
