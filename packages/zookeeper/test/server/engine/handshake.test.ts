import { describe, expect, it } from 'vitest';
import { EngineClient } from '../../support/engine/engine-client.ts';
import { EngineFixture, passwordOf } from '../../support/engine/engine-fixture.ts';
import { create } from '../../support/engine/requests.ts';

describe('the handshake', () => {
  it('begins a session, for which a zxid is taken', () => {
    const fixture = new EngineFixture();
    const { session } = fixture.connected();
    expect(session).toEqual({
      protocolVersion: 0,
      timeoutMs: 10_000,
      sessionId: session.sessionId,
      password: passwordOf(session.sessionId),
    });
    expect(session.sessionId >> 56n).toBe(3n);
    expect(fixture.journal).toMatchObject([
      { header: { sessionId: session.sessionId, cxid: 0, zxid: 1 }, txn: { type: 'createSession', timeoutMs: 10_000 } },
    ]);
  });

  it.each([
    [-1, 4000],
    [3999, 4000],
    [7777, 7777],
    [40_001, 40_000],
  ])('makes %i ms a timeout of %i', (timeoutMs, agreedMs) => {
    const client = new EngineClient(new EngineFixture().engine);
    expect(client.connect({ timeoutMs })?.timeoutMs).toBe(agreedMs);
  });

  it('tells clients that ask whether it is read-only', () => {
    const client = new EngineClient(new EngineFixture().engine);
    expect(client.connect({ readOnly: true })?.readOnly).toBe(false);
  });

  it('refuses a client that has seen more than there is', () => {
    const { engine } = new EngineFixture();
    const client = new EngineClient(engine);
    expect(client.connect({ lastZxidSeen: 1 })).toBeUndefined();
    expect(client.isClosed).toBe(true);
    expect(engine.sessions.size).toBe(0);
  });

  it('gives a session its own id, also after a restart', () => {
    const fixture = new EngineFixture();
    const ids = [fixture.connected(), fixture.connected()].map(({ session }) => session.sessionId);
    fixture.clock.jumpWallBy(-1_000_000);
    fixture.restart(new EngineFixture().engine.image(), fixture.journal);
    ids.push(fixture.connected().session.sessionId);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a session that goes on', () => {
  it('moves to the new connection, and the old one is closed', () => {
    const fixture = new EngineFixture();
    const old = fixture.connected();
    old.get(create('/e', 'ephemeral'));
    const client = new EngineClient(fixture.engine);
    const before = fixture.engine.lastZxid;
    expect(client.connect({ ...old.session, timeoutMs: 20_000 })).toMatchObject({
      sessionId: old.session.sessionId,
      timeoutMs: 20_000,
    });
    expect(old.isClosed).toBe(true);
    expect(fixture.engine.lastZxid).toBe(before);
    expect(client.get({ op: 'getEphemerals', prefix: '' }).paths).toEqual(['/e']);
  });

  it('goes on through the new connection when the owner of the old one says that it is lost', () => {
    const fixture = new EngineFixture();
    const old = fixture.connected();
    const client = new EngineClient(fixture.engine);
    client.connect(old.session);
    old.connection.lost();
    const third = new EngineClient(fixture.engine);
    third.connect(client.session);
    expect(client.isClosed).toBe(true);
  });

  it.each([
    ['a wrong password', { password: new Uint8Array(16) }],
    ['a short password', { password: new Uint8Array(2) }],
    ['no password', { password: null }],
    ['an unknown id', { sessionId: 99n }],
  ])('does not with %s', (_, changes) => {
    const fixture = new EngineFixture();
    const owner = fixture.connected();
    const client = new EngineClient(fixture.engine);
    expect(client.connect({ ...owner.session, ...changes })).toEqual({
      protocolVersion: 0,
      timeoutMs: 0,
      sessionId: 0n,
      password: new Uint8Array(16),
    });
    expect(client.isClosed).toBe(true);
    // ZooKeeper closes the connection that it had before it looks at the password.
    expect(owner.isClosed).toBe(!('sessionId' in changes));
    expect(fixture.engine.sessions.size).toBe(1);
  });

  it('does not once it was closed', () => {
    const fixture = new EngineFixture();
    const owner = fixture.connected();
    const { session } = owner;
    owner.ask({ op: 'closeSession' });
    const client = new EngineClient(fixture.engine);
    expect(client.connect(session)?.timeoutMs).toBe(0);
  });
});
