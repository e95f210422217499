import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeReply } from '../../../src/jute/reply-codec.ts';
import type { Answer } from '../../../src/session/session-link.ts';
import { AdapterContext, answerTo, elapsed } from '../../support/adapter/adapter-context.ts';
import { SESSION_ID } from '../../support/adapter/fake-connection.ts';

const TIMEOUT_MS = 300;
const GET = { op: 'getData', path: '/a', watch: false } as const;
const DELETE = { op: 'delete', path: '/a', version: 1 } as const;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

function answersInOneChunk(firstXid: number, count: number, code: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => encodeReply({ xid: firstXid + index, zxid: 1, code }, undefined)),
  );
}

describe('defect 3: the beginning of a frame outlives its connection', () => {
  const HALF = encodeReply({ xid: 7, zxid: 1, code: 0 }, { op: 'sync', path: '/a'.repeat(500) }).subarray(0, 500);

  it('lets the bare package hang in the next handshake', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server, { timeoutMs: TIMEOUT_MS });
    connection.write(HALF);
    connection.end();
    await server.acceptSession();
    await elapsed(3 * TIMEOUT_MS);
    expect(bare.client.getState().name).toBe('DISCONNECTED');
    expect(server.acceptedCount).toBe(2);
  });

  it('is forgotten by the link', async () => {
    const server = await context.server();
    const { listener, connection } = await context.connectedLink(server);
    connection.write(HALF);
    connection.end();
    await listener.next('disconnected');
    await server.acceptSession();
    expect((await listener.next('connected')).sessionId).toBe(SESSION_ID);
  });
});

describe('defect 11: who asked for what was not answered is never told', () => {
  it('leaves the bare callback uncalled after a shifted xid', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    let calls = 0;
    bare.client.getData('/a', undefined, () => calls++);
    const { xid } = await connection.nextRequest();
    connection.fail(xid + 1, -101);
    await server.acceptSession();
    expect(calls).toBe(0);
  });

  it.each([
    ['a shifted xid', 1, -101],
    ['an answer to a ping that was not sent', -3, 0],
  ])('answers all as unanswered after %s', async (_, offset, code) => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    const answers = Promise.all([
      answerTo(link, GET),
      answerTo(link, DELETE),
      answerTo(link, { op: 'sync', path: '/' }),
    ]);
    const { xid } = await connection.nextRequest();
    connection.fail(xid + offset, code);
    expect((await answers).map(({ type }) => type)).toEqual(['unanswered', 'unanswered', 'unanswered']);
    await listener.next('disconnected');
    await connection.closed;
    expect(context.warnings).toHaveLength(1);
  });

  it('takes an answer where nothing was asked for a reason to leave', async () => {
    const server = await context.server();
    const { listener, connection } = await context.connectedLink(server);
    connection.fail(1, 0);
    await listener.next('disconnected');
    await connection.closed;
  });
});

describe('defect 16: frames are read by recursion, and copied again and again', () => {
  it('goes one call deeper for each answer in the bare package', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    const manager = bare.client.connectionManager;
    const takeBytes = manager.onSocketData.bind(manager);
    let depth = 0;
    let depthMax = 0;
    manager.onSocketData = (bytes) => {
      depth++;
      depthMax = Math.max(depthMax, depth);
      takeBytes(bytes);
      depth--;
    };
    for (let index = 0; index < 200; index++) bare.client.exists('/a', undefined, () => {});
    await connection.nextFrame();
    manager.onSocketData(answersInOneChunk(0, 200, -101));
    expect(depthMax).toBe(200);
  });

  it('lets the link take 20,000 answers at once, in order', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const order: number[] = [];
    const all = Promise.all(
      Array.from(
        { length: 20_000 },
        (_, index) =>
          new Promise<Answer>((resolve) => {
            link.send(DELETE, (answer) => {
              order.push(index);
              resolve(answer);
            });
          }),
      ),
    );
    const { xid } = await connection.nextRequest();
    connection.write(answersInOneChunk(xid, 20_000, 0));
    expect((await all).every(({ type }) => type === 'reply')).toBe(true);
    expect(order).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
  });

  it('does not mind answers that come byte by byte', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const answer = answerTo(link, { op: 'sync', path: '/a' });
    const { xid } = await connection.nextRequest();
    for (const byte of encodeReply({ xid, zxid: 1, code: 0 }, { op: 'sync', path: '/a' })) {
      connection.write(Buffer.of(byte));
      await elapsed(1);
    }
    expect(await answer).toEqual({ type: 'reply', reply: { op: 'sync', path: '/a' } });
  });
});

describe('a frame that cannot be', () => {
  it.each([
    ['of negative length', Buffer.of(0xff, 0xff, 0xff, 0xff)],
    ['over the limit', Buffer.of(0x7f, 0, 0, 0)],
    ['without a whole header', Buffer.of(0, 0, 0, 2, 1, 2)],
    ['whose record is cut off', encodeReply({ xid: 1, zxid: 1, code: 0 }, { op: 'delete' })],
  ])('%s ends the connection, and nothing is answered by it', async (_, bytes) => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    const answer = answerTo(link, GET);
    await connection.nextRequest();
    connection.write(bytes);
    expect(await answer).toMatchObject({ type: 'unanswered' });
    await listener.next('disconnected');
    await connection.closed;
    expect(context.warnings).toHaveLength(1);
  });
});
