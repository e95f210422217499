import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../../src/operation/acl.ts';
import { ERROR_CODES } from '../../../src/operation/error-code.ts';
import { EngineFixture } from '../../support/engine/engine-fixture.ts';
import { check, create, remove, setData } from '../../support/engine/requests.ts';

const only = (permissions: number) => [{ permissions, scheme: 'world', id: 'anyone' }];
const setAcl = (path: string, acl = OPEN_ACL, version = -1) => ({ op: 'setACL', path, acl, version }) as const;

function tree() {
  const fixture = new EngineFixture();
  const client = fixture.connected();
  client.get(create('/a'));
  client.get(create('/a/b'));
  client.get(create('/none', 'persistent', { acl: only(0) }));
  return { fixture, client };
}

describe('a write', () => {
  const { client } = tree();

  it.each([
    ['the root', remove('/'), 'BAD_ARGUMENTS'],
    ['a built-in znode', remove('/zookeeper/config'), 'BAD_ARGUMENTS'],
    ['no path', remove('a'), 'BAD_ARGUMENTS'],
    ['a null character', remove('/a/\0'), 'BAD_ARGUMENTS'],
    ['without a parent', remove('/x/y'), 'NO_NODE'],
    ['without the right, be it there or not', remove('/none/x'), 'NO_AUTH'],
    ['what is not there', remove('/a/x'), 'NO_NODE'],
    ['another version before its children', remove('/a', 1), 'BAD_VERSION'],
    ['with children', remove('/a', 0), 'NOT_EMPTY'],
  ] as const)('does not delete %s', (_, request, code) => {
    expect(client.ask(request).code).toBe(code);
  });

  it.each([
    ['an invalid path', setData('/a/', ''), 'BAD_ARGUMENTS'],
    ['what is not there', setData('/x', ''), 'NO_NODE'],
    ['without the right before another version', setData('/none', '', 5), 'NO_AUTH'],
    ['another version', setData('/a', '', 1), 'BAD_VERSION'],
  ] as const)('does not set the data of %s', (_, request, code) => {
    expect(client.ask(request).code).toBe(code);
  });

  it.each([
    ['an invalid path', setAcl('/a/', []), 'BAD_ARGUMENTS'],
    ['an invalid one before what is not there', setAcl('/x', []), 'INVALID_ACL'],
    ['what is not there', setAcl('/x'), 'NO_NODE'],
    ['without the right', setAcl('/none'), 'NO_AUTH'],
    ['another version of it', setAcl('/a', OPEN_ACL, 1), 'BAD_VERSION'],
  ] as const)('does not set the ACL of %s', (_, request, code) => {
    expect(client.ask(request).code).toBe(code);
  });

  it.each([
    ['an invalid path', check('/a/', 0), 'BAD_ARGUMENTS'],
    ['what is not there', check('/x', 0), 'NO_NODE'],
    ['without the right', check('/none', 0), 'NO_AUTH'],
    ['another version', check('/a', 1), 'BAD_VERSION'],
  ] as const)('does not check %s', (_, request, code) => {
    expect(client.get({ op: 'multi', ops: [request] })).toEqual({
      op: 'multi',
      results: [{ op: 'error', code: ERROR_CODES[code] }],
    });
  });

  it('by a client never deletes a container', () => {
    client.get(create('/c', 'container'));
    expect(client.ask({ op: 'deleteContainer', path: '/c' }).code).toBe('BAD_ARGUMENTS');
  });
});

describe('versions', () => {
  it('count the changes of data, of the ACL and of the children each for itself', () => {
    const { client } = tree();
    client.get(setData('/a', 'x', 0));
    client.get(setData('/a', 'yz', 1));
    client.get(setAcl('/a', OPEN_ACL, 0));
    client.get(remove('/a/b', 0));
    expect(client.get({ op: 'exists', path: '/a', watch: false }).stat).toMatchObject({
      version: 2,
      aversion: 1,
      cversion: 2,
      dataLengthBytes: 2,
      numChildren: 0,
    });
  });

  it('go on from the greatest to the least', () => {
    const { fixture } = tree();
    const image = fixture.engine.image();
    const nodes = Array.from(image.nodes, ([path, node]) => [path, { ...node, version: 2 ** 31 - 1 }] as const);
    fixture.restart({ ...image, nodes }, []);
    expect(fixture.connected().get(setData('/a', '')).stat.version).toBe(-(2 ** 31));
  });

  it('of the built-in znodes are those of ZooKeeper', () => {
    const { client } = tree();
    const stat = (path: string) => client.get({ op: 'exists', path, watch: false }).stat;
    expect(stat('/zookeeper')).toMatchObject({ cversion: -2, numChildren: 2, czxid: 0, ctimeMs: 0 });
    expect(stat('/zookeeper/config')).toMatchObject({ aversion: -1, cversion: 0 });
    expect(client.get({ op: 'getACL', path: '/zookeeper/config' }).acl).toEqual(only(1));
  });
});

describe('the zxid', () => {
  it('is taken by a refusal too, which is logged', () => {
    const { fixture, client } = tree();
    const before = fixture.engine.lastZxid;
    expect(client.ask(remove('/x')).header.zxid).toBe(before + 1);
    expect(fixture.journal.at(-1)).toMatchObject({ header: { zxid: before + 1 }, txn: { type: 'error', code: -101 } });
  });

  it('is that of the last transaction in the answer to a read', () => {
    const { fixture, client } = tree();
    const before = fixture.engine.lastZxid;
    expect(client.ask({ op: 'exists', path: '/x', watch: false }).header.zxid).toBe(before);
    expect(fixture.engine.lastZxid).toBe(before);
  });
});
