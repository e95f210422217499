import { describe, expect, it } from 'vitest';
import { digestIdentity } from '../../../src/server/engine/digest-scheme.ts';
import { EngineFixture } from '../../support/engine/engine-fixture.ts';
import { create } from '../../support/engine/requests.ts';

const ann = digestIdentity(Buffer.from('ann:pw'));
const auth = { op: 'auth', scheme: 'digest', auth: Buffer.from('ann:pw') } as const;

describe('a read', () => {
  const client = new EngineFixture().connected();
  client.get(create('/a', 'persistent', { data: 'xyz' }));
  for (const path of ['/a/one', '/a/two', '/a/one/deep']) client.get(create(path));
  client.get(create('/closed', 'persistent', { acl: [{ permissions: 30, scheme: 'world', id: 'anyone' }] }));

  it('tells data, children and stat', () => {
    expect(client.get({ op: 'getData', path: '/a', watch: false })).toMatchObject({
      data: new Uint8Array(Buffer.from('xyz')),
      stat: { dataLengthBytes: 3, numChildren: 2, cversion: 2 },
    });
    expect(client.get({ op: 'getChildren', path: '/a', watch: false }).children).toEqual(['two', 'one']);
    expect(client.get({ op: 'getChildren2', path: '/a', watch: false })).toMatchObject({
      children: ['two', 'one'],
      stat: { numChildren: 2 },
    });
  });

  it.each(['getData', 'getChildren', 'getChildren2', 'exists'] as const)('%s knows what is not there', (op) => {
    expect(client.ask({ op, path: '/nothing', watch: false }).code).toBe('NO_NODE');
  });

  it.each(['getData', 'getChildren', 'getChildren2'] as const)('%s needs the right to read', (op) => {
    expect(client.ask({ op, path: '/closed', watch: false }).code).toBe('NO_AUTH');
  });

  it('exists needs no right, and no valid path', () => {
    expect(client.ask({ op: 'exists', path: '/closed', watch: false }).code).toBe('OK');
    expect(client.ask({ op: 'exists', path: 'no path', watch: false }).code).toBe('NO_NODE');
    expect(client.ask({ op: 'exists', path: '/\0', watch: false }).code).toBe('BAD_ARGUMENTS');
  });

  it('knows the root by the empty path too', () => {
    const byName = client.get({ op: 'getChildren2', path: '/', watch: false });
    expect(client.get({ op: 'getChildren2', path: '', watch: false })).toEqual(byName);
  });

  it('counts all that is below', () => {
    const count = (path: string) => client.get({ op: 'getAllChildrenNumber', path }).count;
    expect([count('/a'), count('/a/one/deep'), count('/')]).toEqual([3, 0, 8]);
    expect(count('')).toBe(9);
  });

  it('in a multiRead fails for itself', () => {
    const ops = [
      { op: 'getChildren', path: '/a', watch: false },
      { op: 'getData', path: '/nothing', watch: false },
      { op: 'getData', path: '/closed', watch: false },
    ] as const;
    expect(client.get({ op: 'multiRead', ops }).results).toEqual([
      { op: 'getChildren', children: ['two', 'one'] },
      { op: 'error', code: -101 },
      { op: 'error', code: -102 },
    ]);
  });

  it('answers a sync with its path, whatever it is', () => {
    expect(client.get({ op: 'sync', path: 'anything' }).path).toBe('anything');
  });
});

describe('getEphemerals', () => {
  it('knows those of the session, by the beginning of their path', () => {
    const fixture = new EngineFixture();
    const [client, other] = [fixture.connected(), fixture.connected()];
    for (const path of ['/a1', '/a2', '/b']) client.get(create(path, 'ephemeral'));
    other.get(create('/a3', 'ephemeral'));
    const below = (prefix: string) => [...client.get({ op: 'getEphemerals', prefix }).paths].sort();
    expect(below('')).toEqual(['/a1', '/a2', '/b']);
    expect(below('/')).toEqual(['/a1', '/a2', '/b']);
    expect(below('/a')).toEqual(['/a1', '/a2']);
  });
});

describe('getACL', () => {
  it('hides the digests from those who may read it, and not administer', () => {
    const fixture = new EngineFixture();
    const acl = [
      { permissions: 31, ...ann },
      { permissions: 1, scheme: 'world', id: 'anyone' },
    ];
    const owner = fixture.connected();
    owner.ask(auth);
    owner.get(create('/a', 'persistent', { acl }));
    expect(owner.get({ op: 'getACL', path: '/a' }).acl).toEqual(acl);
    expect(fixture.connected().get({ op: 'getACL', path: '/a' }).acl).toEqual([{ ...acl[0], id: 'ann:x' }, acl[1]]);
  });
});
