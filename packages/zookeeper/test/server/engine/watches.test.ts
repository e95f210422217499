import { describe, expect, it } from 'vitest';
import type { Request } from '../../../src/operation/request.ts';
import { EngineFixture } from '../../support/engine/engine-fixture.ts';
import { create, remove, setData } from '../../support/engine/requests.ts';

const exists = (path: string) => ({ op: 'exists', path, watch: true }) as const;
const getData = (path: string) => ({ op: 'getData', path, watch: true }) as const;
const getChildren = (path: string) => ({ op: 'getChildren', path, watch: true }) as const;

/** What one client hears that has made `asked`, while another does `done`. */
function heard(
  asked: readonly Request[],
  done: readonly Request[],
  before: readonly Request[] = [create('/a')],
): string[] {
  const fixture = new EngineFixture();
  const [watcher, doer] = [fixture.connected(), fixture.connected()];
  for (const request of before) doer.ask(request);
  for (const request of asked) watcher.ask(request);
  watcher.takeTold();
  for (const request of done) doer.ask(request);
  return watcher.takeEvents();
}

describe('a one-shot watch', () => {
  it.each([
    ['on data hears of a change', getData('/a'), setData('/a', 'x'), ['nodeDataChanged /a']],
    ['on data hears of the deletion', getData('/a'), remove('/a'), ['nodeDeleted /a']],
    ['on data does not hear of children', getData('/a'), create('/a/b'), []],
    ['on children hears of one more', getChildren('/a'), create('/a/b'), ['nodeChildrenChanged /a']],
    ['on children hears of the deletion', getChildren('/a'), remove('/a'), ['nodeDeleted /a']],
    ['on children of the root hears of one less', getChildren('/'), remove('/a'), ['nodeChildrenChanged /']],
    ['on children does not hear of data', getChildren('/a'), setData('/a', 'x'), []],
    ['on existence hears of the creation', exists('/b'), create('/b'), ['nodeCreated /b']],
    ['on data of what is not there is none', getData('/b'), create('/b'), []],
    ['does not hear of what is refused', getData('/a'), setData('/a', 'x', 7), []],
    [
      'does not hear of ACLs',
      getData('/a'),
      { op: 'setACL', path: '/a', acl: [{ permissions: 1, scheme: 'world', id: 'anyone' }], version: -1 },
      [],
    ],
  ] as const)('%s', (_, asked, done, events) => {
    expect(heard([asked], [done])).toEqual(events);
  });

  it('fires once', () => {
    expect(heard([getData('/a')], [setData('/a', 'x'), setData('/a', 'y')])).toEqual(['nodeDataChanged /a']);
  });

  it('hears of a deletion once, then its parent’s watch fires', () => {
    const asked = [getData('/a'), getChildren('/a'), exists('/a'), getChildren('/')];
    expect(heard(asked, [remove('/a')])).toEqual(['nodeDeleted /a', 'nodeChildrenChanged /']);
  });

  it('is told before the answer to what has caused it', () => {
    const client = new EngineFixture().connected();
    client.ask(exists('/a'));
    client.takeTold();
    client.ask(create('/a'));
    expect(client.takeTold().map(({ type }) => type)).toEqual(['notified', 'replied']);
  });

  it('of a read in a multiRead is none', () => {
    expect(
      heard([{ op: 'multiRead', ops: [getData('/a'), getChildren('/a')] }], [setData('/a', 'x'), remove('/a')]),
    ).toEqual([]);
  });

  it('goes with its connection', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.ask(exists('/a'));
    client.ask({ op: 'addWatch', path: '/', mode: 'persistentRecursive' });
    client.connection.lost();
    client.takeTold();
    fixture.connected().ask(create('/a'));
    expect(client.takeTold()).toEqual([]);
    expect(fixture.engine.statistics().watches).toBe(0);
  });
});

describe('a persistent watch', () => {
  it('hears of the znode and its children for ever', () => {
    const asked = [{ op: 'addWatch', path: '/a', mode: 'persistent' }] as const;
    expect(heard(asked, [create('/a/b'), setData('/a', 'x'), remove('/a/b'), remove('/a'), create('/a')])).toEqual([
      'nodeChildrenChanged /a',
      'nodeDataChanged /a',
      'nodeChildrenChanged /a',
      'nodeDeleted /a',
      'nodeCreated /a',
    ]);
  });

  it('that is recursive hears of all that is below instead of children', () => {
    const asked = [{ op: 'addWatch', path: '/a', mode: 'persistentRecursive' }] as const;
    expect(
      heard(asked, [create('/a/b'), create('/a/b/c'), setData('/a/b', 'x'), remove('/a/b/c'), create('/b')]),
    ).toEqual(['nodeCreated /a/b', 'nodeCreated /a/b/c', 'nodeDataChanged /a/b', 'nodeDeleted /a/b/c']);
  });
});

describe('who may not read', () => {
  const acl = [{ permissions: 30, scheme: 'world', id: 'anyone' }];

  it('does not hear of the znode, and has no watch any more', () => {
    const asked = [exists('/secret'), { op: 'addWatch', path: '/', mode: 'persistentRecursive' }] as const;
    const done = [create('/secret', 'persistent', { acl }), setData('/secret', 'x'), remove('/secret')];
    expect(heard(asked, done)).toEqual([]);
  });

  it('hears that there is one more child if the parent may be read', () => {
    expect(heard([getChildren('/')], [create('/secret', 'persistent', { acl })])).toEqual(['nodeChildrenChanged /']);
  });
});

describe('setWatches', () => {
  const before = [create('/old'), create('/new'), create('/new/child'), setData('/new', 'x')];
  const watches = (changes: object) =>
    ({
      op: 'setWatches2',
      relativeZxid: 3,
      dataWatches: [],
      existWatches: [],
      childWatches: [],
      persistentWatches: [],
      persistentRecursiveWatches: [],
      ...changes,
    }) as const;

  it('tells at once of what has changed since, list by list, and then answers', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    for (const request of before) client.ask(request);
    client.takeTold();
    client.ask(
      watches({
        dataWatches: ['/gone', '/new', '/old'],
        existWatches: ['/old', '/gone'],
        childWatches: ['/gone', '/new', '/old'],
      }),
    );
    expect(client.peer.told.at(-1)?.type).toBe('replied');
    expect(client.takeEvents()).toEqual([
      'nodeDeleted /gone',
      'nodeDataChanged /new',
      'nodeCreated /old',
      'nodeDeleted /gone',
      'nodeChildrenChanged /new',
    ]);
  });

  it('watches what has not changed', () => {
    const asked = [watches({ dataWatches: ['/old'], existWatches: ['/gone'], childWatches: ['/old'] })];
    expect(heard(asked, [setData('/old', 'x'), create('/gone'), create('/old/x')], before)).toEqual([
      'nodeDataChanged /old',
      'nodeCreated /gone',
      'nodeChildrenChanged /old',
    ]);
  });

  it('watches for ever where that is asked for', () => {
    const asked = [watches({ persistentWatches: ['/old'], persistentRecursiveWatches: ['/new'] })];
    expect(heard(asked, [setData('/old', 'x'), setData('/old', 'y'), create('/new/x')], before)).toEqual([
      'nodeDataChanged /old',
      'nodeDataChanged /old',
      'nodeCreated /new/x',
    ]);
  });
});

describe('checkWatches and removeWatches', () => {
  it('know the type, and that there is none', () => {
    const client = new EngineFixture().connected();
    client.ask(exists('/a'));
    expect(client.ask({ op: 'checkWatches', path: '/a', type: 'data' }).code).toBe('OK');
    expect(client.ask({ op: 'checkWatches', path: '/a', type: 'children' }).code).toBe('NO_WATCHER');
    expect(client.ask({ op: 'removeWatches', path: '/a', type: 'children' }).code).toBe('NO_WATCHER');
    expect(client.ask({ op: 'removeWatches', path: '/a', type: 'any' }).code).toBe('OK');
    expect(client.ask({ op: 'checkWatches', path: '/a', type: 'any' }).code).toBe('NO_WATCHER');
  });

  it('take the half of a persistent watch away', () => {
    const asked = [
      { op: 'addWatch', path: '/a', mode: 'persistent' },
      { op: 'removeWatches', path: '/a', type: 'data' },
    ] as const;
    expect(heard(asked, [setData('/a', 'x'), create('/a/b')])).toEqual(['nodeChildrenChanged /a']);
  });

  it('see the watches of others, but never remove them', () => {
    const fixture = new EngineFixture();
    fixture.connected().ask(exists('/a'));
    const other = fixture.connected();
    expect(other.ask({ op: 'checkWatches', path: '/a', type: 'any' }).code).toBe('OK');
    expect(other.ask({ op: 'removeWatches', path: '/a', type: 'any' }).code).toBe('NO_WATCHER');
  });

  it('do not know the types of ZooKeeper 3.9', () => {
    const client = new EngineFixture().connected();
    expect(client.ask({ op: 'checkWatches', path: '/a', type: 'persistent' }).code).toBe('MARSHALLING_ERROR');
    expect(client.ask({ op: 'removeWatches', path: '/a', type: 'persistentRecursive' }).code).toBe('MARSHALLING_ERROR');
  });
});

describe('watches without end', () => {
  it('cost the connection that has them, and are gone with it', () => {
    const fixture = new EngineFixture();
    const [greedy, other] = [fixture.connected(), fixture.connected()];
    const path = (index: number) => `/${index}${'x'.repeat(1_000_000)}`;
    for (let index = 0; index < 60; index++) greedy.ask(exists(path(index)));
    expect(greedy.isClosed).toBe(false);
    for (let index = 60; index < 68; index++) greedy.connection.request(index, exists(path(index)));
    expect(greedy.isClosed).toBe(true);
    expect(fixture.engine.statistics().watches).toBe(0);
    expect(other.isClosed).toBe(false);
  });

  it('count no more once they have fired, or are removed', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    const path = `/${'x'.repeat(1_000_000)}`;
    for (let count = 0; count < 70; count++) {
      client.ask(exists(path));
      client.ask({ op: 'removeWatches', path, type: 'any' });
    }
    client.get(create('/a'));
    for (let count = 0; count < 70; count++) client.ask(exists(path));
    expect(client.isClosed).toBe(false);
  });
});
