import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdapterContext, elapsed } from '../../support/adapter/adapter-context.ts';
import { sessionFrame } from '../../support/adapter/fake-connection.ts';

const TIMEOUT_MS = 300;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

describe('defect 2: the timer of the connect stops before the server has answered', () => {
  it('keeps the bare package at a server that says nothing', async () => {
    const server = await context.server();
    const bare = context.bare(server.connectString, { timeoutMs: TIMEOUT_MS });
    bare.client.connect();
    await server.accept();
    await elapsed(3 * TIMEOUT_MS);
    expect(server.acceptedCount).toBe(1);
  });

  it('sends the link to the next server', async () => {
    const servers = [await context.server(), await context.server()];
    const { listener } = context.link(servers, { handshakeTimeoutMs: TIMEOUT_MS });
    const accepted = servers.map((server) => server.accept());
    const silent = await Promise.race(accepted);
    await silent.closed;
    for (const connection of await Promise.all(accepted)) {
      if (connection !== silent) await connection.takeSession();
    }
    await listener.nextConnected();
    expect(servers.map(({ acceptedCount }) => acceptedCount)).toEqual([1, 1]);
  });

  it('gives a server a half of the timeout that was agreed on, however long the one was that was asked for', async () => {
    const server = await context.server();
    const { listener } = context.link([server], { timeoutMs: 40_000 });
    const connection = await server.acceptSession({ timeoutMs: TIMEOUT_MS });
    await listener.next('connected');
    connection.cut();
    await listener.next('disconnected');
    await (await server.accept()).closed;
    expect((await listener.next('disconnected')).reason).toContain(`no session within ${TIMEOUT_MS / 2} ms`);
  });

  it('holds for a server that does not answer to the authentication', async () => {
    const server = await context.server();
    const auth = [{ scheme: 'digest', auth: Buffer.from('me:secret') }];
    const { listener } = context.link([server], { handshakeTimeoutMs: TIMEOUT_MS, auth });
    await (await server.acceptSession()).closed;
    const second = await server.acceptSession();
    second.reply((await second.nextRequest()).xid, { op: 'auth' });
    await listener.nextConnected();
  });
});

describe('defect 9: what is queued overtakes the authentication and the watches', () => {
  const CREDENTIALS = Buffer.from('me:secret');

  it('sends the write of the bare package first', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    bare.client.addAuthInfo('digest', CREDENTIALS);
    connection.cut();
    await new Promise((resolve) => bare.client.once('disconnected', resolve));
    bare.client.setData('/a', Buffer.from('x'), -1, () => {});
    const next = await server.acceptSession();
    const ops = [(await next.nextRequest()).request.op, (await next.nextRequest()).request.op];
    expect(ops).toEqual(['setData', 'auth']);
  });

  it('lets the link say that it is connected once the authentication is answered, on every connection', async () => {
    const server = await context.server();
    const auth = ['me:secret', 'you:too'].map((each) => ({ scheme: 'digest', auth: Buffer.from(each) }));
    const { listener } = context.link([server], { auth });
    for (let round = 1; round <= 2; round++) {
      const connection = await server.acceptSession();
      const asked = [await connection.nextRequest(), await connection.nextRequest()];
      expect(asked.map(({ xid, request }) => [xid, request])).toEqual(
        auth.map(({ scheme, auth: bytes }) => [-4, { op: 'auth', scheme, auth: bytes }]),
      );
      connection.reply(-4, { op: 'auth' });
      await elapsed(20);
      expect(listener.types.filter((type) => type === 'connected')).toHaveLength(round - 1);
      connection.reply(-4, { op: 'auth' });
      await listener.next('connected');
      if (round === 1) {
        connection.cut();
        await listener.next('disconnected');
      }
    }
  });
});

describe('defect 23: no read-only mode', () => {
  it('is left: no server is asked for it', async () => {
    const server = await context.server();
    context.link([server]);
    const asked = await (await server.accept()).takeSession();
    expect(asked).not.toHaveProperty('readOnly');
  });
});

describe('the answer to the handshake', () => {
  it('is taken from a server that does not write whether it is read-only, and from one that does', async () => {
    const server = await context.server();
    const { listener } = context.link([server]);
    const connection = await server.accept();
    await connection.nextFrame();
    const frame = Buffer.concat([sessionFrame(10_000), Buffer.of(0)]);
    frame.writeInt32BE(frame.length - 4, 0);
    connection.write(frame);
    expect((await listener.next('connected')).timeoutMs).toBe(10_000);
  });
});
