import { describe, expect, it } from 'vitest';
import { CREATE_FLAGS, type CreateMode } from '../../../src/operation/create-mode.ts';
import { CONTAINER_OWNER } from '../../../src/server/engine/ephemeral-owner.ts';
import { EngineFixture } from '../../support/engine/engine-fixture.ts';
import { create, remove } from '../../support/engine/requests.ts';

const nobody = [{ permissions: 31, scheme: 'digest', id: 'nobody:x' }];

describe('a create', () => {
  const fixture = new EngineFixture();
  const client = fixture.connected();
  client.get(create('/closed', 'persistent', { acl: nobody }));
  client.get(create('/eph', 'ephemeral'));

  it.each([
    ['a mode that there is not', { ...create('/x'), flags: 7 }, 'BAD_ARGUMENTS'],
    ['a TTL and no place for it', { ...create('/x'), flags: CREATE_FLAGS.persistentWithTtl }, 'BAD_ARGUMENTS'],
    ['a TTL of 0', create('/x', 'persistentWithTtl', { ttlMs: 0 }), 'BAD_ARGUMENTS'],
    ['a TTL that is too long', create('/x', 'persistentWithTtl', { ttlMs: 2 ** 40 }), 'BAD_ARGUMENTS'],
    ['a TTL for a mode without', { ...create('/x', 'persistentWithTtl', { ttlMs: 5 }), flags: 0 }, 'BAD_ARGUMENTS'],
    ['no TTL for a mode without', { ...create('/x', 'persistentWithTtl', { ttlMs: -1 }), flags: 0 }, 'BAD_ARGUMENTS'],
    ['a path without a slash', create('x', 'persistent', { acl: [] }), 'BAD_ARGUMENTS'],
    ['a null character', create('/no/x\0', 'persistent', { acl: [] }), 'BAD_ARGUMENTS'],
    ['an ACL before its parent', create('/no/x', 'persistent', { acl: [] }), 'INVALID_ACL'],
    ['a parent before its path', create('/no/', 'persistent'), 'NO_NODE'],
    ['a permission before its path', create('/closed/', 'persistent'), 'NO_AUTH'],
    ['an invalid path', create('/zookeeper//x'), 'NO_NODE'],
    ['an empty name', create('/zookeeper/'), 'BAD_ARGUMENTS'],
    ['a relative name', create('/zookeeper/..'), 'BAD_ARGUMENTS'],
    ['what is there', create('/zookeeper'), 'NODE_EXISTS'],
    ['the root', create('/'), 'NODE_EXISTS'],
    ['a child of an ephemeral znode', create('/eph/x'), 'NO_CHILDREN_FOR_EPHEMERALS'],
  ] as const)('is refused for %s', (_, request, code) => {
    expect(client.ask(request).code).toBe(code);
  });

  it('needs the right to create, and none on what it creates', () => {
    client.get(create('/makeable', 'persistent', { acl: [{ permissions: 4, scheme: 'world', id: 'anyone' }] }));
    expect(client.ask(create('/makeable/x', 'persistent', { acl: nobody })).code).toBe('OK');
  });

  it('knows no TTLs where there are no extended types, and containers all the same', () => {
    const plain = new EngineFixture({ extendedTypes: false }).connected();
    expect(plain.ask(create('/x', 'persistentWithTtl', { ttlMs: 5 })).code).toBe('UNIMPLEMENTED');
    expect(plain.ask(create('/x', 'container')).code).toBe('OK');
  });

  it.each([
    ['container', undefined],
    ['persistentWithTtl', 1000],
  ] as const)('answers a %s with its stat, in which it has no owner', (mode, ttlMs) => {
    const request = create(`/${mode}`, mode, ttlMs === undefined ? {} : { ttlMs });
    expect(client.ask(request).reply).toMatchObject({ op: request.op, path: `/${mode}`, stat: { ephemeralOwner: 0n } });
  });

  it('makes a container by its name alone: create with that mode makes a persistent znode', () => {
    client.get({ ...create('/like', 'persistent'), flags: CREATE_FLAGS.container });
    client.get({ ...create('/real', 'container'), flags: CREATE_FLAGS.persistent });
    const nodes = new Map(fixture.engine.image().nodes);
    expect(nodes.get('/like')?.ephemeralOwner).toBe(0n);
    expect(nodes.get('/real')?.ephemeralOwner).toBe(CONTAINER_OWNER);
  });

  it('keeps a copy of the data, which may be null', () => {
    const data = Buffer.from('ab');
    client.get({ ...create('/copied'), data });
    client.get({ ...create('/none'), data: null });
    data.fill(0);
    expect(client.get({ op: 'getData', path: '/copied', watch: false }).data).toEqual(new Uint8Array([97, 98]));
    expect(client.get({ op: 'getData', path: '/none', watch: false }).data).toBeNull();
  });
});

describe('a sequential create', () => {
  const next = (client: ReturnType<EngineFixture['connected']>, mode: CreateMode = 'persistentSequential') =>
    client.get(create('/q/n-', mode, mode.endsWith('Ttl') ? { ttlMs: 9 } : {})).path;

  it('takes the number of children that there have ever been', () => {
    const client = new EngineFixture().connected();
    client.get(create('/q'));
    expect(next(client)).toBe('/q/n-0000000000');
    client.get(create('/q/other'));
    expect(next(client, 'ephemeralSequential')).toBe('/q/n-0000000002');
    client.get(remove('/q/other'));
    expect(next(client)).toBe('/q/n-0000000003');
  });

  it('may have nothing but a number for its name', () => {
    const client = new EngineFixture().connected();
    expect(client.get(create('/', 'persistentSequential')).path).toBe('/0000000000');
  });

  it('writes a number below 0 with ten characters, and stops counting at the greatest', () => {
    const fixture = new EngineFixture();
    fixture.connected().get(create('/q'));
    const image = fixture.engine.image();
    const countAt = (cversion: number) => {
      const nodes = Array.from(image.nodes, ([path, node]) => [path, { ...node, cversion }] as const);
      fixture.restart({ ...image, nodes }, []);
      return fixture.connected();
    };
    expect(next(countAt(-7))).toBe('/q/n--000000007');
    const last = countAt(2 ** 31 - 1);
    expect(next(last)).toBe('/q/n-2147483647');
    expect(last.ask(create('/q/n-', 'persistentSequential')).code).toBe('NODE_EXISTS');
  });
});
