import { describe, expect, it } from 'vitest';
import { digestIdentity } from '../../../src/server/engine/digest-scheme.ts';
import { EngineClient } from '../../support/engine/engine-client.ts';
import { EngineFixture } from '../../support/engine/engine-fixture.ts';
import { create, remove, setData } from '../../support/engine/requests.ts';

const auth = (scheme: string, text: string) => ({ op: 'auth', scheme, auth: Buffer.from(text) }) as const;

describe('a connection', () => {
  it('is closed at a request before its handshake, and at a second handshake', () => {
    const { engine } = new EngineFixture();
    for (const misbehave of [
      (client: EngineClient) => client.connection.request(1, create('/a')),
      (client: EngineClient) => client.connection.unimplemented(1),
    ]) {
      const client = new EngineClient(engine);
      misbehave(client);
      expect(client.takeTold()).toEqual([{ type: 'closed' }]);
    }
    const twice = new EngineClient(engine);
    twice.connect();
    twice.connect();
    expect(twice.takeTold().map(({ type }) => type)).toEqual(['connected', 'closed']);
  });

  it('is answered with UNIMPLEMENTED, and closed, at a request of an unknown type', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.takeTold();
    client.connection.unimplemented(7);
    expect(client.takeTold()).toEqual([
      { type: 'replied', header: { xid: 7, zxid: -1, code: -6 }, reply: undefined },
      { type: 'closed' },
    ]);
    expect(fixture.engine.sessions.size).toBe(1);
  });

  it('is told nothing more once it is closed', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.ask({ op: 'closeSession' });
    client.takeTold();
    client.connection.request(9, create('/a'));
    client.connection.request(10, auth('digest', 'a:b'));
    client.connection.unimplemented(11);
    client.connection.lost();
    expect(client.takeTold()).toEqual([]);
    expect(fixture.journal.map(({ txn }) => txn.type)).toEqual(['createSession', 'closeSession']);
  });

  it('answers a ping with the xid of pings', () => {
    const client = new EngineFixture().connected();
    expect(client.ask({ op: 'ping' }, 5).header).toEqual({ xid: -2, zxid: 1, code: 0 });
  });

  it('refuses a check outside of a transaction, and logs nothing: ZooKeeper could not read such a log', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    expect(client.ask({ op: 'check', path: '/', version: 0 }).code).toBe('UNIMPLEMENTED');
    expect(fixture.engine.lastZxid).toBe(1);
  });
});

describe('closeSession', () => {
  it('deletes the ephemeral znodes, tells of it, answers, and closes', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get(create('/e', 'ephemeral'));
    client.ask({ op: 'exists', path: '/e', watch: true });
    client.takeTold();
    client.connection.request(9, { op: 'closeSession' });
    expect(client.takeTold()).toEqual([
      { type: 'notified', event: { type: 'nodeDeleted', path: '/e' } },
      { type: 'replied', header: { xid: 9, zxid: 3, code: 0 }, reply: { op: 'closeSession' } },
      { type: 'closed' },
    ]);
    expect(fixture.journal.at(-1)?.txn).toEqual({ type: 'closeSession', paths: ['/e'] });
    expect(fixture.engine.sessions.size).toBe(0);
  });
});

describe('auth', () => {
  const acl = [{ permissions: 31, scheme: 'auth', id: '' }];

  it('is refused, and the connection closed, to one who has more identities than there is room for', () => {
    const client = new EngineFixture().connected();
    // One is its address.
    for (let index = 1; index < 100; index++) expect(client.ask(auth('digest', `user${index}:pw`), -4).code).toBe('OK');
    expect(client.isClosed).toBe(false);
    expect(client.ask(auth('digest', 'user100:pw'), -4).code).toBe('AUTH_FAILED');
    expect(client.isClosed).toBe(true);
  });

  it('is refused with credentials that are longer than any', () => {
    const client = new EngineFixture().connected();
    expect(client.ask(auth('digest', `ann:${'x'.repeat(1020)}`), -4).code).toBe('OK');
    expect(client.ask(auth('digest', `ann:${'x'.repeat(1021)}`), -4).code).toBe('AUTH_FAILED');
    expect(client.isClosed).toBe(true);
  });

  it('is answered without a zxid, and lets the client in', () => {
    const fixture = new EngineFixture();
    const [ann, bob] = [fixture.connected(), fixture.connected()];
    expect(ann.ask(create('/a', 'persistent', { acl })).code).toBe('INVALID_ACL');
    expect(ann.ask(auth('digest', 'ann:pw'), -4).header).toEqual({ xid: -4, zxid: 0, code: 0 });
    expect(ann.ask(create('/a', 'persistent', { acl })).code).toBe('OK');
    expect(bob.ask(setData('/a', 'x')).code).toBe('NO_AUTH');
    bob.ask(auth('digest', 'ann:pw'), -4);
    expect(bob.ask(setData('/a', 'x')).code).toBe('OK');
  });

  it('of a scheme that is not known closes the connection, and the session goes on', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    expect(client.ask(auth('kerberos', ''), -4)).toMatchObject({ code: 'AUTH_FAILED', header: { zxid: 0 } });
    expect(client.isClosed).toBe(true);
    expect(fixture.engine.sessions.size).toBe(1);
  });

  it('belongs to the connection, not to the session', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.ask(auth('digest', 'ann:pw'));
    client.get(create('/a', 'persistent', { acl }));
    const again = new EngineClient(fixture.engine);
    again.connect(client.session);
    expect(again.ask(setData('/a', 'x')).code).toBe('NO_AUTH');
  });

  it('as the super user opens everything', () => {
    const superDigest = digestIdentity(Buffer.from('super:secret')).id;
    const client = new EngineFixture({ superDigest }).connected();
    client.get(create('/a', 'persistent', { acl: [{ permissions: 0, scheme: 'world', id: 'anyone' }] }));
    expect(client.ask(setData('/a', 'x')).code).toBe('NO_AUTH');
    client.ask(auth('digest', 'super:wrong'));
    expect(client.ask(setData('/a', 'x')).code).toBe('NO_AUTH');
    client.ask(auth('digest', 'super:secret'));
    expect(client.ask(setData('/a', 'x')).code).toBe('OK');
    expect(client.ask(remove('/a')).code).toBe('OK');
  });

  it('is what whoAmI tells, without the digests', () => {
    const client = new EngineFixture().connected('10.0.0.7');
    client.ask(auth('digest', 'ann:pw'));
    client.ask(auth('ip', ''));
    expect([...client.get({ op: 'whoAmI' }).identities].sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      { scheme: 'ip', id: '10.0.0.7' },
      { scheme: 'digest', id: 'ann' },
    ]);
  });
});
