import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANY_VERSION } from '../../../src/operation/request.ts';
import { AdapterContext, answerTo, elapsed } from '../../support/adapter/adapter-context.ts';
import { FakeServer } from '../../support/adapter/fake-server.ts';

const DATA = Buffer.from('x');
const SET = { op: 'setData', path: '/a', data: DATA, version: ANY_VERSION } as const;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

describe('defect 7: what is asked while there is no connection is sent later', () => {
  it('delivers the write of the bare package after failed attempts', async () => {
    const away = await FakeServer.listen();
    await away.close();
    const bare = context.bare(away.connectString);
    bare.client.connect();
    bare.client.setData('/a', DATA, -1, () => {});
    await elapsed(50);
    const server = await context.server({ port: away.port });
    expect(await (await server.acceptSession()).nextRequest()).toMatchObject({
      request: { op: 'setData', path: '/a' },
    });
  });

  it('is refused by the link at once, and never sent', async () => {
    const away = await FakeServer.listen();
    await away.close();
    const { link, listener } = context.link([away]);
    let answers = 0;
    link.send(SET, () => answers++);
    expect(answers).toBe(1);
    await elapsed(50);
    const server = await context.server({ port: away.port });
    const connection = await server.acceptSession();
    await listener.nextConnected();
    link.send({ op: 'sync', path: '/' }, () => {});
    expect((await connection.nextRequest()).request.op).toBe('sync');
    expect(answers).toBe(1);
  });

  it('is refused by the link also between the handshake and the end of the authentication', async () => {
    const server = await context.server();
    const { link, listener } = context.link([server], { auth: [{ scheme: 'digest', auth: Buffer.from('me:secret') }] });
    const connection = await server.acceptSession();
    const { xid } = await connection.nextRequest();
    expect(await answerTo(link, SET)).toMatchObject({ type: 'unanswered' });
    connection.reply(xid, { op: 'auth' });
    await listener.next('connected');
    link.send({ op: 'sync', path: '/' }, () => {});
    expect((await connection.nextRequest()).request.op).toBe('sync');
  });
});

describe('defect 8: after expiry what was not sent is never answered', () => {
  it('leaves the bare callback uncalled, and gives the wrong error later', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    const expired = new Promise((resolve) => bare.client.once('expired', resolve));
    connection.cut();
    await new Promise((resolve) => bare.client.once('disconnected', resolve));
    let calls = 0;
    bare.client.setData('/a', DATA, -1, () => calls++);
    const refusing = await server.acceptSession({ timeoutMs: 0 });
    refusing.end();
    await expired;
    await refusing.closed;
    const later = await new Promise((resolve) => bare.client.setData('/a', DATA, -1, resolve));
    expect(String(later)).toContain('CONNECTION_LOSS');
    expect(calls).toBe(0);
  });

  it('is told by the link that the session has ended, once, and every request is answered', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    const inFlight = answerTo(link, SET);
    await connection.nextRequest();
    connection.cut();
    expect(await inFlight).toMatchObject({ type: 'unanswered' });
    await listener.next('disconnected');
    const between = answerTo(link, SET);
    (await server.acceptSession({ timeoutMs: 0 })).end();
    expect((await listener.next('ended')).code).toBe('SESSION_EXPIRED');
    expect(await between).toMatchObject({ type: 'unanswered' });
    expect(await answerTo(link, SET)).toMatchObject({ type: 'unanswered' });
    await elapsed(200);
    expect(server.acceptedCount).toBe(2);
    expect(listener.types).toEqual(['connected', 'disconnected', 'ended']);
  });
});

describe('defect 12: callbacks of a dead connection run while it counts as connected', () => {
  const RETRIES = 1000;

  it('lets a callback of the bare package fail on and on before it hears of the disconnect', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    const states: string[] = [];
    const again = (): void => {
      if (states.length === RETRIES) return;
      bare.client.connectionManager.queue({ header: { xid: 0, type: 5 }, toBuffer: () => Buffer.alloc(8) }, () => {
        states.push(bare.client.getState().name);
        again();
      });
    };
    again();
    await connection.nextFrame();
    connection.cut();
    await new Promise((resolve) => bare.client.once('disconnected', resolve));
    expect(states).toEqual(Array.from({ length: RETRIES }, () => 'SYNC_CONNECTED'));
  });

  it('tells a callback of the link that sends on and on of the loss, and then that there is no connection', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    const heard: (string | undefined)[] = [];
    const isTold = (): boolean => listener.types.includes('disconnected');
    const again = (): void => {
      link.send(SET, (answer) => {
        heard.push(answer.type === 'unanswered' ? answer.reason : answer.type);
        if (!isTold() && heard.length < RETRIES) again();
      });
    };
    again();
    await connection.nextRequest();
    connection.cut();
    await listener.next('disconnected');
    expect(heard).toEqual([expect.stringContaining(server.connectString), 'there is no connection']);
    const next = await server.acceptSession();
    await listener.next('connected');
    link.send({ op: 'sync', path: '/' }, () => {});
    expect((await next.nextRequest()).request.op).toBe('sync');
  });
});

describe('defect 21: a write is repeated by itself', () => {
  it('reaches the server twice from the bare package with retries', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server, { retries: 1 });
    bare.client.setData('/a', DATA, 7, () => {});
    await connection.nextRequest();
    connection.cut();
    const again = await server.acceptSession();
    expect((await again.nextRequest()).request).toMatchObject({ op: 'setData', version: 7 });
  });

  it('reaches the server once from the link', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    const answer = answerTo(link, SET);
    await connection.nextRequest();
    connection.cut();
    expect(await answer).toMatchObject({ type: 'unanswered' });
    await listener.next('disconnected');
    const next = await server.acceptSession();
    await listener.next('connected');
    link.send({ op: 'sync', path: '/' }, () => {});
    expect((await next.nextRequest()).request.op).toBe('sync');
  });
});
