import { describe, expect, it } from 'vitest';
import { MalformedTreeImageError } from '../../../src/server/engine/malformed-tree-image-error.ts';
import { EngineClient } from '../../support/engine/engine-client.ts';
import { contentsOf, EngineFixture, TICK_MS } from '../../support/engine/engine-fixture.ts';
import { create, remove, setData } from '../../support/engine/requests.ts';

describe('expireSessions', () => {
  it('ends a session at the first tick behind its timeout, with its ephemeral znodes', () => {
    const fixture = new EngineFixture();
    const [silent, other] = [fixture.connected(), fixture.connected()];
    silent.get(create('/e', 'ephemeral'));
    other.ask({ op: 'exists', path: '/e', watch: true });
    other.takeTold();
    fixture.clock.advanceBy(10_000 + TICK_MS - 1);
    other.ask({ op: 'ping' });
    fixture.engine.expireSessions();
    expect(silent.isClosed).toBe(false);
    fixture.clock.advanceBy(1);
    expect(fixture.engine.nextExpiryMs).toBe(10_000 + TICK_MS);
    fixture.engine.expireSessions();
    expect(silent.isClosed).toBe(true);
    expect(other.takeEvents()).toEqual(['nodeDeleted /e']);
    expect(fixture.journal.at(-1)).toMatchObject({
      header: { sessionId: silent.session.sessionId, cxid: 0 },
      txn: { type: 'closeSession', paths: ['/e'] },
    });
    expect([...fixture.engine.sessions.keys()]).toEqual([other.session.sessionId]);
  });

  it('hears of a session at every request but auth', () => {
    const fixture = new EngineFixture();
    const [pinging, authenticating] = [fixture.connected(), fixture.connected()];
    for (let second = 0; second < 15; second++) {
      fixture.clock.advanceBy(1000);
      pinging.ask({ op: 'ping' });
      if (!authenticating.isClosed) authenticating.ask({ op: 'auth', scheme: 'ip', auth: new Uint8Array() }, -4);
      fixture.engine.expireSessions();
    }
    expect([pinging.isClosed, authenticating.isClosed]).toEqual([false, true]);
  });

  it('takes no notice of the wall clock', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    fixture.clock.jumpWallBy(1e9);
    fixture.engine.expireSessions();
    expect(client.isClosed).toBe(false);
  });

  it('goes by the timeout that the session has agreed on last', () => {
    const fixture = new EngineFixture();
    const client = new EngineClient(fixture.engine);
    client.connect({ ...fixture.connected().session, timeoutMs: 40_000 });
    fixture.clock.advanceBy(30_000);
    fixture.engine.expireSessions();
    expect(client.isClosed).toBe(false);
  });

  it('ends a session without a connection, and tells those who come back', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.connection.lost();
    fixture.clock.advanceBy(20_000);
    fixture.engine.expireSessions();
    expect(new EngineClient(fixture.engine).connect(client.session)?.timeoutMs).toBe(0);
  });
});

describe('reapContainers', () => {
  const exists = (client: EngineClient, path: string) => client.ask({ op: 'exists', path, watch: false }).code === 'OK';

  it('deletes a container that is empty again, not one that is empty still', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    for (const path of ['/used', '/fresh', '/full']) client.get(create(path, 'container'));
    for (const path of ['/used/x', '/full/x']) client.get(create(path));
    client.get(remove('/used/x'));
    client.ask({ op: 'exists', path: '/used', watch: true });
    client.takeTold();
    const before = fixture.engine.lastZxid;
    fixture.engine.reapContainers();
    expect(client.takeEvents()).toEqual(['nodeDeleted /used']);
    expect(fixture.journal.slice(before)).toMatchObject([
      { header: { sessionId: 0n, zxid: before + 1 }, txn: { type: 'deleteContainer', path: '/used' } },
    ]);
    expect([exists(client, '/fresh'), exists(client, '/full')]).toEqual([true, true]);
  });

  it('deletes in slices, and not what was used again between two', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    const paths = ['/a', '/b', '/c', '/d', '/e'];
    for (const path of paths) client.get(create(path, 'persistentWithTtl', { ttlMs: 1000 }));
    fixture.clock.advanceBy(1001);
    const left = () => paths.filter((path) => exists(client, path));
    expect(fixture.engine.reapContainers(2)).toBe(true);
    const [used = '', ...others] = left();
    expect(others).toHaveLength(2);
    client.get(setData(used, 'x'));
    expect(fixture.engine.reapContainers(2)).toBe(true);
    expect(fixture.engine.reapContainers(2)).toBe(false);
    expect(left()).toEqual([used]);
  });

  it('deletes a znode whose data are older than its TTL, once it has no children', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    for (const path of ['/old', '/set', '/full']) client.get(create(path, 'persistentWithTtl', { ttlMs: 1000 }));
    client.get(create('/full/x'));
    fixture.clock.advanceBy(1000);
    fixture.engine.reapContainers();
    expect(exists(client, '/old')).toBe(true);
    client.get(setData('/set', 'x'));
    fixture.clock.advanceBy(1);
    fixture.engine.reapContainers();
    expect(['/old', '/set', '/full'].map((path) => exists(client, path))).toEqual([false, true, true]);
  });
});

describe('restore', () => {
  it('goes on where it was, sessions and ephemeral znodes included', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get(create('/e', 'ephemeral'));
    const image = fixture.engine.image();
    client.get(create('/later'));
    const before = contentsOf(fixture.engine.image());
    fixture.restart(image, fixture.journal);
    expect(contentsOf(fixture.engine.image())).toEqual(before);
    const again = new EngineClient(fixture.engine);
    again.connect(client.session);
    expect(again.get({ op: 'getEphemerals', prefix: '' }).paths).toEqual(['/e']);
    fixture.clock.advanceBy(20_000);
    fixture.engine.expireSessions();
    expect(new Map(fixture.engine.image().nodes).has('/e')).toBe(false);
  });

  it('ends a session whose ephemeral znodes are all that is left of it, and logs it', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get(create('/e', 'ephemeral'));
    const image = { ...fixture.engine.image(), sessions: new Map() };
    const txns = fixture.journal.splice(0);
    fixture.restart(image, txns);
    expect(fixture.journal).toMatchObject([
      { header: { sessionId: client.session.sessionId, zxid: 3 }, txn: { type: 'closeSession', paths: ['/e'] } },
    ]);
    expect(new Map(fixture.engine.image().nodes).has('/e')).toBe(false);
  });

  it('refuses an image that is no tree', () => {
    const fixture = new EngineFixture();
    const [root] = fixture.engine.image().nodes;
    if (root === undefined) throw new Error('no root');
    const image = { lastZxid: 1, sessions: new Map(), nodes: [root, ['/a/b', root[1]] as const] };
    expect(() => fixture.restart(image, [])).toThrow(MalformedTreeImageError);
  });
});

describe('image', () => {
  it('does not change with what comes later', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get(create('/a', 'persistent', { data: 'x' }));
    const image = fixture.engine.image();
    const before = contentsOf(image);
    client.get(setData('/a', 'changed'));
    client.get(create('/a/b'));
    fixture.connected();
    expect(contentsOf(image)).toEqual(before);
    expect(before.nodes.get('/a')).toMatchObject({ version: 0, cversion: 0 });
  });
});

describe('statistics', () => {
  it('are those of ZooKeeper for a server that has just begun', () => {
    expect(new EngineFixture().engine.statistics()).toEqual({
      lastZxid: 0,
      znodes: 5,
      ephemerals: 0,
      sessions: 0,
      approximateBytes: 44,
      watches: 0,
      dataWatches: { connections: 0, paths: 0, total: 0 },
    });
  });

  it('follow what is done', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get(create('/e', 'ephemeral', { data: '12345' }));
    client.get(setData('/e', '123'));
    client.ask({ op: 'exists', path: '/e', watch: true });
    client.ask({ op: 'addWatch', path: '/e', mode: 'persistent' });
    client.ask({ op: 'getChildren', path: '/', watch: true });
    expect(fixture.engine.statistics()).toMatchObject({
      znodes: 6,
      ephemerals: 1,
      sessions: 1,
      approximateBytes: 49,
      watches: 3,
      dataWatches: { connections: 1, paths: 1, total: 1 },
    });
    client.ask({ op: 'closeSession' });
    expect(fixture.engine.statistics()).toMatchObject({ znodes: 5, ephemerals: 0, sessions: 0, watches: 0 });
  });
});
