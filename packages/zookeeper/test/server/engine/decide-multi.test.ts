import { describe, expect, it } from 'vitest';
import { CREATE_FLAGS } from '../../../src/operation/create-mode.ts';
import { ERROR_CODES } from '../../../src/operation/error-code.ts';
import type { MultiOp } from '../../../src/operation/request.ts';
import { MULTI_ACL_ENTRIES_MAX } from '../../../src/server/engine/decide-multi.ts';
import type { EngineClient } from '../../support/engine/engine-client.ts';
import { contentsOf, EngineFixture } from '../../support/engine/engine-fixture.ts';
import { check, create, remove, setData } from '../../support/engine/requests.ts';

const multi = (client: EngineClient, ...ops: MultiOp[]) => client.get({ op: 'multi', ops }).results;
const codesOf = (results: ReturnType<typeof multi>) =>
  results.map((result) => (result.op === 'error' ? result.code : result.op));

describe('a multi', () => {
  it('decides on each part as if those before it were done', () => {
    const client = new EngineFixture().connected();
    const results = multi(
      client,
      create('/a'),
      create('/a/n-', 'persistentSequential'),
      create('/a/n-', 'persistentSequential'),
      remove('/a/n-0000000000'),
      create('/a/n-', 'persistentSequential'),
      setData('/a', 'x', 0),
      check('/a', 1),
      setData('/a', 'y', 1),
    );
    expect(codesOf(results)).toEqual(['create', 'create', 'create', 'delete', 'create', 'setData', 'check', 'setData']);
    expect(results[4]).toEqual({ op: 'create', path: '/a/n-0000000002' });
    expect(results[5]).toMatchObject({ stat: { version: 1, numChildren: 2, cversion: 4 } });
  });

  it('can delete what it has created, and create it again as another kind', () => {
    const client = new EngineFixture().connected();
    expect(codesOf(multi(client, create('/a', 'ephemeral'), remove('/a'), create('/a'), create('/a/b')))).toEqual([
      'create',
      'delete',
      'create',
      'create',
    ]);
    expect(codesOf(multi(client, create('/e', 'ephemeral'), create('/e/x')))).toEqual([
      0,
      ERROR_CODES.NO_CHILDREN_FOR_EPHEMERALS,
    ]);
    expect(codesOf(multi(client, remove('/a')))).toEqual([ERROR_CODES.NOT_EMPTY]);
    expect(codesOf(multi(client, remove('/a/b'), remove('/a'), remove('/a')))).toEqual([0, 0, ERROR_CODES.NO_NODE]);
  });

  it('does nothing where one part cannot be done, and takes one zxid for it', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get(create('/q'));
    const before = contentsOf(fixture.engine.image());
    const answer = client.ask({
      op: 'multi',
      ops: [create('/q/n-', 'persistentSequential'), remove('/x'), create('/y')],
    });
    expect(answer).toMatchObject({ code: 'OK', header: { zxid: before.lastZxid + 1 } });
    expect(answer.reply).toEqual({
      op: 'multi',
      results: [0, ERROR_CODES.NO_NODE, ERROR_CODES.RUNTIME_INCONSISTENCY].map((code) => ({ op: 'error', code })),
    });
    expect(contentsOf(fixture.engine.image())).toEqual({ ...before, lastZxid: before.lastZxid + 1 });
    expect(client.get(create('/q/n-', 'persistentSequential')).path).toBe('/q/n-0000000000');
  });

  it('logs what it could have done, which does nothing when it is replayed', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    multi(client, create('/a'), check('/a', 7));
    expect(fixture.journal.at(-1)?.txn).toMatchObject({
      type: 'multi',
      txns: [{ type: 'create' }, { type: 'error', code: -103 }],
    });
    const image = new EngineFixture().engine.image();
    fixture.restart(image, fixture.journal);
    expect(fixture.connected().ask({ op: 'exists', path: '/a', watch: false }).code).toBe('NO_NODE');
  });

  it('names creations by their mode, and tells the stat of containers and those with a TTL', () => {
    const client = new EngineFixture().connected();
    const results = multi(
      client,
      { ...create('/a'), op: 'create2' },
      { ...create('/b'), flags: CREATE_FLAGS.container },
      { ...create('/c', 'container'), flags: CREATE_FLAGS.persistent },
      create('/d', 'persistentWithTtl', { ttlMs: 10 }),
      { ...create('/e', 'persistentWithTtl', { ttlMs: 10 }), flags: CREATE_FLAGS.persistent },
    );
    expect(codesOf(results)).toEqual(['create', 'create2', 'create', 'create2', 'create']);
  });

  it('cannot be read if a part needs a TTL and has no place for one', () => {
    const client = new EngineFixture().connected();
    const ops = [create('/a'), { ...create('/b'), flags: CREATE_FLAGS.persistentWithTtl }];
    expect(client.ask({ op: 'multi', ops }).code).toBe('MARSHALLING_ERROR');
    expect(client.ask({ op: 'multi', ops: [remove('/x'), ...ops] }).code).toBe('OK');
    expect(client.ask({ op: 'exists', path: '/a', watch: false }).code).toBe('NO_NODE');
  });

  it('may be empty', () => {
    expect(multi(new EngineFixture().connected())).toEqual([]);
  });

  it('tells of its parts in their order, before it is answered', () => {
    const fixture = new EngineFixture();
    const client = fixture.connected();
    client.get({ op: 'addWatch', path: '/', mode: 'persistentRecursive' });
    client.takeTold();
    multi(client, create('/a'), setData('/a', 'x'), remove('/a'));
    expect(client.takeEvents()).toEqual(['nodeCreated /a', 'nodeDataChanged /a', 'nodeDeleted /a']);
    multi(client, create('/a'), remove('/b'));
    expect(client.takeEvents()).toEqual([]);
  });
});

describe('a multi of many ACLs', () => {
  it('is refused where what they stand for is more than a transaction may have', () => {
    const client = new EngineFixture().connected();
    for (let index = 1; index < 100; index++) {
      client.ask({ op: 'auth', scheme: 'digest', auth: Buffer.from(`user${index}:pw`) }, -4);
    }
    const acl = [{ permissions: 31, scheme: 'auth', id: '' }];
    const creations = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...create(`/${prefix}${index}`), acl }));
    const most = Math.floor(MULTI_ACL_ENTRIES_MAX / 99);
    expect(client.get({ op: 'multi', ops: creations('a', most) }).results[0]).toMatchObject({ op: 'create' });
    const { results } = client.get({ op: 'multi', ops: creations('b', most + 1) });
    expect(results.at(-1)).toEqual({ op: 'error', code: ERROR_CODES.INVALID_ACL });
    expect(results[0]).toEqual({ op: 'error', code: 0 });
  });
});
