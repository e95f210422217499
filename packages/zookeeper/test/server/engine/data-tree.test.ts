import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../../src/operation/acl.ts';
import { Database } from '../../../src/server/engine/database.ts';
import type { LoggedTxn, Txn } from '../../../src/txn/txn.ts';
import { contentsOf } from '../../support/engine/engine-fixture.ts';

const SESSION = 7n;

/** Transactions with zxids from 1 on. */
function logged(...txns: Txn[]): LoggedTxn[] {
  return txns.map((txn, index) => ({
    header: { sessionId: SESSION, cxid: index, zxid: index + 1, timeMs: 1000 + index },
    txn,
  }));
}

const create = (path: string, parentCVersion: number, ephemeral = false): Txn => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL,
  ephemeral,
  parentCVersion,
});
const remove = (path: string): Txn => ({ type: 'delete', path });

function databaseAfter(txns: readonly LoggedTxn[]): Database {
  const database = new Database(true);
  database.replay(txns);
  return database;
}

describe('replay', () => {
  it('gives the tree that serving has given', () => {
    const txns = logged(create('/a', 1), create('/a/b', 1, true), remove('/a/b'), {
      type: 'setData',
      path: '/a',
      data: null,
      version: 1,
    });
    const { tree } = databaseAfter(txns);
    expect(tree.find('/a')?.record).toMatchObject({
      czxid: 1,
      mzxid: 4,
      pzxid: 3,
      version: 1,
      cversion: 1,
      mtimeMs: 1003,
    });
    expect(tree.find('/')?.record).toMatchObject({ pzxid: 1, cversion: 1 });
    expect(tree.special.ephemeralCount).toBe(0);
  });

  it('passes over what the image has by its zxid', () => {
    const txns = logged(create('/a', 1), remove('/a'));
    const database = new Database(true, databaseAfter(txns).image());
    database.replay(txns);
    expect(contentsOf(database.image())).toEqual(contentsOf(databaseAfter(txns).image()));
  });

  it.each([
    ['creations', logged(create('/a', 1), create('/a/b', 1), create('/a/c', 2))],
    ['a creation and a deletion', logged(create('/a', 1), create('/a/b', 1), remove('/a/b'), create('/a/c', 2))],
    ['a parent that was created anew', logged(create('/a', 1), remove('/a'), create('/a', 2), create('/a/b', 1))],
    ['a parent that went with its children', logged(create('/a', 1), create('/a/b', 1), remove('/a/b'), remove('/a'))],
    ['the end of a session', logged(create('/e', 1, true), { type: 'closeSession', paths: ['/e'] }, create('/e', 2))],
    [
      'a multi',
      logged({ type: 'multi', txns: [create('/a', 1), create('/a/b', 1)] }, { type: 'multi', txns: [remove('/a/b')] }),
    ],
  ] as const)('of %s onto an image that is ahead of its zxid ends where it would without', (_, txns) => {
    const served = databaseAfter(txns);
    for (let zxid = 0; zxid < txns.length; zxid++) {
      const database = new Database(true, { ...served.image(), lastZxid: zxid });
      database.replay(txns);
      const { nodes } = contentsOf(database.image());
      expect(nodes).toEqual(contentsOf(served.image()).nodes);
      for (const [path] of nodes) {
        expect(database.tree.find(path)?.children, path).toEqual(served.tree.find(path)?.children);
      }
      expect(database.tree.approximateBytes).toBe(served.tree.approximateBytes);
    }
  });

  it('raises the counts of the parent where the child is there already, and never lowers them', () => {
    const image = databaseAfter(logged(create('/a', 1))).image();
    const database = new Database(true, { ...image, lastZxid: 0 });
    database.replay([{ header: { sessionId: 1n, cxid: 0, zxid: 9, timeMs: 0 }, txn: create('/a', 5) }]);
    expect(database.tree.find('/')?.record).toMatchObject({ cversion: 5, pzxid: 9 });
    database.replay([{ header: { sessionId: 1n, cxid: 0, zxid: 10, timeMs: 0 }, txn: create('/a', 4) }]);
    expect(database.tree.find('/')?.record).toMatchObject({ cversion: 5, pzxid: 9 });
  });

  it('counts by itself where an old log does not tell the count', () => {
    expect(databaseAfter(logged(create('/a', -1), create('/b', -1))).tree.find('/')?.record.cversion).toBe(2);
  });

  it('deletes what a session has where an old log does not name it', () => {
    const { tree } = databaseAfter(logged(create('/e', 1, true), { type: 'closeSession', paths: [] }));
    expect(tree.find('/e')).toBeUndefined();
  });
});

describe('entries', () => {
  it('have a parent before its children', () => {
    const { tree } = databaseAfter(
      logged(create('/a', 1), create('/a/b', 1), remove('/a/b'), remove('/a'), create('/a', 2), create('/a/b', 1)),
    );
    const paths = Array.from(tree.entries(), ([path]) => path);
    expect(paths.indexOf('/a')).toBeLessThan(paths.indexOf('/a/b'));
    expect(() => new Database(true, { lastZxid: 6, sessions: new Map(), nodes: tree.entries() })).not.toThrow();
  });
});
