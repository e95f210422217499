import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeWatchEvent } from '../../../src/jute/watch-codec.ts';
import { AdapterContext, answerTo, elapsed } from '../../support/adapter/adapter-context.ts';

const TIMEOUT_MS = 300;
const EVENT = { type: 'nodeDataChanged', path: '/a' } as const;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

describe('defect 1: a silent server is taken for a live one', () => {
  it('leaves the bare package connected after three session timeouts without an answer', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server, { timeoutMs: TIMEOUT_MS });
    await elapsed(3 * TIMEOUT_MS);
    expect(bare.client.getState().name).toBe('SYNC_CONNECTED');
    expect(connection.waitingFrames).toBeGreaterThan(1);
  });

  it('lets the session see in its heartbeats whether the server answers, and give it up', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server, { timeoutMs: TIMEOUT_MS });
    const answered = answerTo(link, { op: 'sync', path: '/' });
    connection.reply((await connection.nextRequest()).xid, { op: 'sync', path: '/' });
    expect(await answered).toEqual({ type: 'reply', reply: { op: 'sync', path: '/' } });
    const unanswered = answerTo(link, { op: 'sync', path: '/' });
    link.drop('silent');
    expect(await unanswered).toEqual({ type: 'unanswered', reason: 'silent' });
    await listener.next('disconnected');
    await connection.closed;
    await server.acceptSession();
    await listener.next('connected');
  });
});

describe('defect 14: what comes in puts off the ping', () => {
  it('lets the bare package send nothing under steady notifications', async () => {
    const timeoutMs = 1500;
    const server = await context.server();
    const { connection } = await context.connectedBare(server, { timeoutMs });
    for (let sent = 0; sent < 60; sent++) {
      connection.write(encodeWatchEvent(EVENT, -1));
      await elapsed(20);
    }
    expect(connection.waitingFrames).toBe(0);
  });

  it('lets the session send its heartbeat when it wants to, and the link send nothing by itself', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server, { timeoutMs: TIMEOUT_MS });
    for (let sent = 1; sent <= 30; sent++) {
      connection.write(encodeWatchEvent(EVENT, -1));
      await listener.next('notified');
      if (sent % 10 === 0) link.send({ op: 'sync', path: '/' }, () => {});
      await elapsed(5);
    }
    expect(connection.waitingFrames).toBe(3);
    expect(await connection.nextRequest()).toEqual({ xid: 1, request: { op: 'sync', path: '/' } });
  });
});
