import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../src/operation/reply.ts';
import type { SessionRequest } from '../../../src/session/session-link.ts';
import { AdapterContext, answerTo, elapsed } from '../../support/adapter/adapter-context.ts';

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

const STAT = {
  czxid: 2 ** 40,
  mzxid: 2 ** 41,
  pzxid: 3,
  ctimeMs: 1_700_000_000_000,
  mtimeMs: 1_700_000_000_001,
  version: 4,
  cversion: 5,
  aversion: 6,
  ephemeralOwner: 0x7fff_ffff_ffff_fff0n,
  dataLengthBytes: 1,
  numChildren: 0,
};
const ACL = [{ permissions: 31, scheme: 'world', id: 'anyone' }];
const DATA = Buffer.from('x');

describe('defect 18: requests that the package has none for', () => {
  it('is so: no sync in the bare package', () => {
    expect(context.bare('127.0.0.1:2181').client).not.toHaveProperty('sync');
  });

  it.each<[SessionRequest, Reply]>([
    [
      { op: 'sync', path: '/a' },
      { op: 'sync', path: '/a' },
    ],
    [
      { op: 'create', path: '/a', data: null, acl: ACL, flags: 3 },
      { op: 'create', path: '/a0000000001' },
    ],
    [{ op: 'delete', path: '/a', version: 0 }, { op: 'delete' }],
    [
      { op: 'exists', path: '/a', watch: true },
      { op: 'exists', stat: STAT },
    ],
    [
      { op: 'getData', path: '/a', watch: false },
      { op: 'getData', data: DATA, stat: STAT },
    ],
    [
      { op: 'setData', path: '/a', data: DATA, version: 0 },
      { op: 'setData', stat: STAT },
    ],
    [
      { op: 'getChildren2', path: '/a', watch: true },
      { op: 'getChildren2', children: ['b', 'c'], stat: STAT },
    ],
    [
      { op: 'getACL', path: '/a' },
      { op: 'getACL', acl: ACL, stat: STAT },
    ],
    [
      { op: 'setACL', path: '/a', acl: ACL, version: 0 },
      { op: 'setACL', stat: STAT },
    ],
    [
      { op: 'multi', ops: [{ op: 'create', path: '/a', data: DATA, acl: ACL, flags: 0 }] },
      { op: 'multi', results: [{ op: 'create', path: '/a' }] },
    ],
  ])('goes through the link whole, there and back: $op', async (request, reply) => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const answer = answerTo(link, request);
    const received = await connection.nextRequest();
    expect(received.request).toEqual(request);
    connection.reply(received.xid, reply);
    expect(await answer).toEqual({ type: 'reply', reply });
  });
});

describe('defect 19: no TLS', () => {
  /** A shared key instead of a certificate, so that no key has to be kept with the tests. */
  const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const CIPHERS = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
  const clientTls = (psk: Buffer) => ({
    ...CIPHERS,
    pskCallback: () => ({ psk, identity: 'client' }),
    checkServerIdentity: () => undefined,
  });

  it('keeps the bare package out', async () => {
    const server = await context.server({ tls: { ...CIPHERS, pskCallback: () => KEY } });
    context.bare(server.connectString).client.connect();
    await elapsed(100);
    expect(server.acceptedCount).toBe(0);
  });

  it('is spoken by the link', async () => {
    const server = await context.server({ tls: { ...CIPHERS, pskCallback: () => KEY } });
    const { link, connection } = await context.connectedLink(server, { tls: clientTls(KEY) });
    const answer = answerTo(link, { op: 'sync', path: '/a' });
    connection.reply((await connection.nextRequest()).xid, { op: 'sync', path: '/a' });
    expect(await answer).toMatchObject({ type: 'reply' });
  });

  it('refuses a server that cannot be trusted, again and again, and logs it', async () => {
    const server = await context.server({ tls: { ...CIPHERS, pskCallback: () => KEY } });
    const { listener } = context.link([server], { tls: clientTls(Buffer.alloc(16)) });
    await listener.next('disconnected');
    await listener.next('disconnected');
    expect(context.warnings).toHaveLength(1);
    expect(server.acceptedCount).toBe(0);
  });
});

describe('defect 24: longs are bytes, and a full socket holds back only some', () => {
  it('is bytes in the bare package', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    const stat = new Promise<unknown>((resolve) => {
      bare.client.exists('/a', undefined, (_, result) => resolve(result));
    });
    connection.reply((await connection.nextRequest()).xid, { op: 'exists', stat: STAT });
    expect(await stat).toMatchObject({ czxid: expect.any(Buffer) });
  });

  it('answers everything once when a server that does not read goes, however much is on its way', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    connection.stopReading();
    const data = Buffer.alloc(100_000);
    const answers: number[] = [];
    for (let index = 0; index < 500; index++) {
      link.send({ op: 'setData', path: '/a', data, version: 0 }, () => answers.push(index));
    }
    await elapsed(50);
    expect(answers).toEqual([]);
    connection.cut();
    await listener.next('disconnected');
    expect(answers).toEqual(Array.from({ length: 500 }, (_, index) => index));
    await server.acceptSession();
    await listener.next('connected');
  });
});
