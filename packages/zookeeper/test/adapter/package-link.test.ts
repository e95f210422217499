import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeReply } from '../../src/jute/reply-codec.ts';
import { encodeWatchEvent } from '../../src/jute/watch-codec.ts';
import { ANY_VERSION } from '../../src/operation/request.ts';
import { WATCH_EVENT_TYPES, type WatchEventType } from '../../src/operation/watch.ts';
import type { Answer } from '../../src/session/session-link.ts';
import { AdapterContext, answerTo } from '../support/adapter/adapter-context.ts';
import { PASSWORD, SESSION_ID } from '../support/adapter/fake-connection.ts';
import { FakeServer } from '../support/adapter/fake-server.ts';
import { realClock } from '../support/adapter/real-time.ts';

const GET = { op: 'getData', path: '/a', watch: true } as const;
const SET = { op: 'setData', path: '/a', data: Buffer.from('x'), version: ANY_VERSION } as const;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

describe('connected', () => {
  it('tells the session, the timeout that the server decided on, and when it was asked', async () => {
    const server = await context.server();
    const beforeMs = realClock.steadyMs();
    const { listener } = context.link([server], { timeoutMs: 20_000 });
    const connection = await server.accept();
    const asked = await connection.takeSession({ timeoutMs: 12_000 });
    expect(asked).toMatchObject({ timeoutMs: 20_000, sessionId: 0n, lastZxidSeen: 0 });
    const { sessionId, timeoutMs, askedAtMs } = await listener.next('connected');
    expect({ sessionId, timeoutMs }).toEqual({ sessionId: SESSION_ID, timeoutMs: 12_000 });
    expect(askedAtMs).toBeGreaterThan(beforeMs);
    expect(askedAtMs).toBeLessThan(realClock.steadyMs());
  });

  it('is told once more after the connection was lost, for the same session and what was seen of it', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    void connection.serve(({ xid }) => {
      connection.fail(xid, -101, 77);
      return undefined;
    });
    await answerTo(link, GET);
    connection.cut();
    await listener.next('disconnected');
    const asked = await (await server.accept()).takeSession();
    expect(asked).toMatchObject({ sessionId: SESSION_ID, password: PASSWORD, lastZxidSeen: 77 });
    expect((await listener.next('connected')).sessionId).toBe(SESSION_ID);
  });

  it('does not let the last zxid fall back to that of a later answer', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const zxids = [2 ** 33 + 5, 0, -1];
    void connection.serve(({ xid }) => {
      connection.fail(xid, -101, zxids.shift());
      return undefined;
    });
    await Promise.all([answerTo(link, GET), answerTo(link, GET), answerTo(link, GET)]);
    connection.cut();
    expect((await (await server.accept()).takeSession()).lastZxidSeen).toBe(2 ** 33 + 5);
  });

  it('is not told for a session that was not asked for', async () => {
    const server = await context.server();
    const { listener, connection } = await context.connectedLink(server);
    connection.cut();
    await listener.next('disconnected');
    const other = await server.acceptSession({ sessionId: 99n });
    await other.closed;
    await server.acceptSession();
    expect((await listener.next('disconnected')).reason).toContain('not the one that was asked for');
    expect((await listener.next('connected')).sessionId).toBe(SESSION_ID);
  });
});

describe('ended', () => {
  it('is told when the session has expired, and nothing after it', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    connection.cut();
    await listener.next('disconnected');
    const refusing = await server.acceptSession({ timeoutMs: 0 });
    expect((await listener.next('ended')).code).toBe('SESSION_EXPIRED');
    await refusing.closed;
    expect(await answerTo(link, GET)).toMatchObject({ type: 'unanswered' });
    link.drop('whatever');
    expect(listener.types).toEqual(['connected', 'disconnected', 'ended']);
  });

  it('is told when the server refuses what the session is authenticated as', async () => {
    const server = await context.server();
    const { listener } = context.link([server], { auth: [{ scheme: 'digest', auth: Buffer.from('me:wrong') }] });
    const connection = await server.acceptSession();
    connection.fail((await connection.nextRequest()).xid, -115);
    expect((await listener.next('ended')).code).toBe('AUTH_FAILED');
    await connection.closed;
  });

  it('is not told when the server fails at it in another way: it is tried again', async () => {
    const server = await context.server();
    const { listener } = context.link([server], { auth: [{ scheme: 'digest', auth: Buffer.from('me:right') }] });
    const first = await server.acceptSession();
    first.fail((await first.nextRequest()).xid, -1);
    const second = await server.acceptSession();
    second.reply((await second.nextRequest()).xid, { op: 'auth' });
    expect((await listener.next('disconnected')).reason).toContain('error -1');
    await listener.next('connected');
  });
});

describe('send', () => {
  it('answers in the order of the sends, pings among them', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const answers: [string, Answer][] = [];
    const all = Promise.all(
      ([GET, { op: 'sync', path: '/' }, SET, { op: 'sync', path: '/' }] as const).map(
        (request) =>
          new Promise<void>((resolve) => {
            link.send(request, (answer) => {
              answers.push([request.op, answer]);
              resolve();
            });
          }),
      ),
    );
    connection.fail((await connection.nextRequest()).xid, -101);
    connection.reply((await connection.nextRequest()).xid, { op: 'sync', path: '/' });
    connection.fail((await connection.nextRequest()).xid, -103);
    connection.reply((await connection.nextRequest()).xid, { op: 'sync', path: '/' });
    await all;
    expect(answers).toEqual([
      ['getData', { type: 'error', code: -101 }],
      ['sync', { type: 'reply', reply: { op: 'sync', path: '/' } }],
      ['setData', { type: 'error', code: -103 }],
      ['sync', { type: 'reply', reply: { op: 'sync', path: '/' } }],
    ]);
  });

  it('keeps the order also for what is sent while the lost are told', async () => {
    const server = await context.server();
    const { link, listener } = await context.connectedLink(server);
    const order: string[] = [];
    link.send(GET, () => {
      order.push('first');
      link.send(GET, () => {
        order.push('sent by the first');
        link.send(GET, () => order.push('sent by that'));
      });
    });
    link.send(GET, () => order.push('second'));
    link.drop('test');
    expect(order).toEqual(['first', 'second', 'sent by the first', 'sent by that']);
    await listener.next('disconnected');
  });

  it('takes a throwing listener for a reason to start over, and tells the others', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    link.send(GET, () => {
      throw new Error('from the test');
    });
    const second = answerTo(link, GET);
    connection.fail((await connection.nextRequest()).xid, -101);
    expect(await second).toMatchObject({ type: 'unanswered' });
    await listener.next('disconnected');
    await server.acceptSession();
    await listener.next('connected');
    expect(context.warnings).toHaveLength(1);
  });
});

describe('drop', () => {
  it('answers all, tells it before it returns, and connects to the next server', async () => {
    const servers = [await context.server(), await context.server()];
    const { link, listener } = context.link(servers);
    const first = await Promise.race(servers.map((server) => server.acceptSession()));
    await listener.next('connected');
    const answer = answerTo(link, GET);
    link.drop('silent');
    expect(listener.types).toEqual(['connected', 'disconnected']);
    expect(await answer).toMatchObject({ type: 'unanswered' });
    await first.closed;
    expect(await listener.next('disconnected')).toMatchObject({ reason: 'silent' });
    await listener.next('connected');
    expect(servers.map(({ acceptedCount }) => acceptedCount)).toEqual([1, 1]);
  });

  it('does nothing while there is no connection', async () => {
    const server = await context.server();
    const { link, listener } = context.link([server]);
    link.drop('too early');
    await server.acceptSession();
    await listener.next('connected');
  });
});

describe('what came in one chunk', () => {
  it('is not read on once the connection was dropped', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    link.send(GET, () => link.drop('test'));
    const second = answerTo(link, { op: 'sync', path: '/a' });
    const first = await connection.nextRequest();
    const { xid } = await connection.nextRequest();
    // Taken for the answer to the next handshake, the second would say that the session has expired.
    connection.write(
      Buffer.concat([
        encodeReply({ xid: first.xid, zxid: 1, code: -101 }, undefined),
        encodeReply({ xid, zxid: 1, code: 0 }, { op: 'sync', path: '/a' }),
      ]),
    );
    expect(await second).toEqual({ type: 'unanswered', reason: 'test' });
    await listener.next('disconnected');
    await server.acceptSession();
    await listener.next('connected');
  });
});

describe('notified', () => {
  it('is not told before the session is connected: it has watched nothing', async () => {
    const server = await context.server();
    const { listener } = context.link([server], { auth: [{ scheme: 'digest', auth: Buffer.from('me:secret') }] });
    const connection = await server.acceptSession();
    const { xid } = await connection.nextRequest();
    connection.write(encodeWatchEvent({ type: 'nodeDeleted', path: '/a' }, -1));
    connection.reply(xid, { op: 'auth' });
    await listener.next('connected');
    expect(listener.types).toEqual(['connected']);
  });

  it.each(Object.keys(WATCH_EVENT_TYPES) as WatchEventType[])('is told of %s', async (type) => {
    const server = await context.server();
    const { listener, connection } = await context.connectedLink(server);
    connection.write(encodeWatchEvent({ type, path: '/a/b' }, -1));
    expect((await listener.next('notified')).event).toEqual({ type, path: '/a/b' });
  });
});

describe('what cannot be sent or dialled', () => {
  it('is a failed attempt where the request for the session cannot be written', async () => {
    const server = await context.server();
    const { listener } = context.link([server], { timeoutMs: 2 ** 31 });
    expect((await listener.next('disconnected')).reason).toContain('RangeError');
    expect((await listener.next('disconnected')).reason).toContain('RangeError');
  });

  it('is a failed attempt where Node does not take what it is to connect with', async () => {
    const server = await context.server();
    const named = { host: 'localhost', port: server.port };
    const { listener } = context.link([named], { tls: { lookup: 'none' as never } });
    expect((await listener.next('disconnected')).reason).toContain('TypeError');
    expect((await listener.next('disconnected')).reason).toContain('TypeError');
  });
});

describe('a server that cannot be reached', () => {
  it('is logged once, and tried again after the others', async () => {
    const away = await FakeServer.listen();
    await away.close();
    const { listener } = context.link([away, away]);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await listener.next('disconnected')).reason).toBe(
        `127.0.0.1:${away.port}: connect ECONNREFUSED 127.0.0.1:${away.port}`,
      );
    }
    expect(context.warnings).toHaveLength(1);
    const server = await context.server({ port: away.port });
    await server.acceptSession();
    await listener.nextConnected();
  });
});
