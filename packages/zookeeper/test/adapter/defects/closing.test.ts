import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdapterContext, answerTo, elapsed } from '../../support/adapter/adapter-context.ts';
import { sessionFrame } from '../../support/adapter/fake-connection.ts';
import { FakeServer } from '../../support/adapter/fake-server.ts';

const GET = { op: 'getData', path: '/a', watch: false } as const;
const DEADLINE_MS = 5000;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

describe('defect 13: close crashes while connecting, and tells nobody when it is done', () => {
  it('lets the bare package take the handshake for an answer', async () => {
    const server = await context.server();
    const bare = context.bare(server.connectString);
    bare.client.connect();
    const connection = await server.accept();
    await connection.nextFrame();
    bare.client.close();
    connection.write(sessionFrame(10_000));
    await expect.poll(() => bare.thrown).toHaveLength(1);
  });

  it('lets the bare package throw before it was opened', () => {
    const bare = context.bare('127.0.0.1:2181');
    expect(() => bare.client.close()).toThrow(TypeError);
  });

  it('waits with the link for the answer of the server, and for those before it', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    const before = answerTo(link, GET);
    let isClosed = false;
    const closed = link.close(true, DEADLINE_MS).then(() => {
      isClosed = true;
    });
    const asked = [await connection.nextRequest(), await connection.nextRequest()];
    expect(asked.map(({ request }) => request.op)).toEqual(['getData', 'closeSession']);
    connection.fail(asked[0]?.xid ?? 0, -101);
    expect(await before).toEqual({ type: 'error', code: -101 });
    await elapsed(20);
    expect(isClosed).toBe(false);
    connection.reply(asked[1]?.xid ?? 0, { op: 'closeSession' });
    await closed;
    await connection.closed;
    expect(listener.types).toEqual(['connected']);
    expect(server.acceptedCount).toBe(1);
  });

  it('waits with the link no longer than the deadline', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const before = answerTo(link, GET);
    await link.close(true, 50);
    await connection.closed;
    expect(await before).toMatchObject({ type: 'unanswered' });
  });

  it('waits with the link for the answer where the deadline is longer than a timer of Node can be', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    let isClosed = false;
    const closed = link.close(true, Number.POSITIVE_INFINITY).then(() => {
      isClosed = true;
    });
    const { xid } = await connection.nextRequest();
    await elapsed(20);
    expect(isClosed).toBe(false);
    connection.reply(xid, { op: 'closeSession' });
    await closed;
  });

  it('is done with the link when the server goes meanwhile', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const closed = link.close(true, DEADLINE_MS);
    connection.cut();
    await closed;
    await elapsed(200);
    expect(server.acceptedCount).toBe(1);
  });

  it.each([
    ['politely', true],
    ['at once', false],
  ])('ends the link %s before the server has answered, without a word', async (_, politely) => {
    const server = await context.server();
    const { link, listener } = context.link([server]);
    const connection = await server.accept();
    await connection.nextFrame();
    await link.close(politely, DEADLINE_MS);
    connection.write(sessionFrame(10_000));
    await connection.closed;
    expect(connection.waitingFrames).toBe(0);
    expect(listener.events).toEqual([]);
  });

  it('ends the link between two attempts, before the first, and a second time', async () => {
    const away = await FakeServer.listen();
    await away.close();
    const { link, listener } = context.link([away]);
    await listener.next('disconnected');
    await link.close(true, DEADLINE_MS);
    await link.close(true, DEADLINE_MS);
    expect(await answerTo(link, GET)).toMatchObject({ type: 'unanswered' });
    await elapsed(200);
    expect(listener.types).toEqual(['disconnected']);
  });

  it('drops the connection of the link at once where it need not be polite', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    await link.close(false, 0);
    await connection.closed;
    expect(connection.waitingFrames).toBe(0);
  });
});
