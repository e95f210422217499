import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../src/jute/frame.ts';
import { encodeWatchEvent } from '../../../src/jute/watch-codec.ts';
import type { WatchEvent } from '../../../src/operation/watch.ts';
import { AdapterContext, answerTo } from '../../support/adapter/adapter-context.ts';

const GET = { op: 'getData', path: '/a', watch: true } as const;
const CHECK = { op: 'check', path: '/a', version: 3 } as const;
/** SESSION_MOVED, and a number of no meaning. */
const UNKNOWN_TO_THE_PACKAGE = [-118, -4711];

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

function watchFrame(type: number, path: string): Buffer {
  return encodeFrame((writer) => {
    writer.int32(-1);
    writer.safeInt64(-1);
    writer.int32(0);
    writer.int32(type);
    writer.int32(3);
    writer.string(path);
  });
}

describe('defect 5: an unknown error code ends the process', () => {
  it.each(UNKNOWN_TO_THE_PACKAGE)('is thrown by the bare package for %d', async (code) => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    let calls = 0;
    bare.client.getData('/a', undefined, () => calls++);
    connection.fail((await connection.nextRequest()).xid, code);
    await expect.poll(() => bare.thrown).toHaveLength(1);
    expect(String(bare.thrown[0])).toContain(`Unknown code: ${code}`);
    expect(calls).toBe(0);
  });

  it.each(UNKNOWN_TO_THE_PACKAGE)('is an answer like any other from the link: %d', async (code) => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const answer = answerTo(link, GET);
    connection.fail((await connection.nextRequest()).xid, code);
    expect(await answer).toEqual({ type: 'error', code });
  });

  it('is thrown by the bare package for the result of a transaction', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    bare.client
      .transaction()
      .check('/a', 3)
      .commit(() => {});
    const { xid } = await connection.nextRequest();
    connection.reply(xid, { op: 'multi', results: [{ op: 'error', code: -118 }] });
    await expect.poll(() => bare.thrown).toHaveLength(1);
  });

  it('is told by the link for the result of a transaction', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const answer = answerTo(link, { op: 'multi', ops: [CHECK] });
    const { xid } = await connection.nextRequest();
    const reply = { op: 'multi', results: [{ op: 'error', code: -118 }] } as const;
    connection.reply(xid, reply);
    expect(await answer).toEqual({ type: 'reply', reply });
  });
});

describe('defect 6: an unknown type of watch event, or a watcher that throws, ends the process', () => {
  it('is thrown by the bare package', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    connection.write(watchFrame(5, '/a'));
    await expect.poll(() => bare.thrown).toHaveLength(1);
    expect(String(bare.thrown[0])).toContain('Unknown event type');
  });

  it('stands for any change with the link, and is logged once', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    for (const type of [5, 6, -7]) connection.write(watchFrame(type, '/a'));
    const events: WatchEvent[] = [];
    for (let taken = 0; taken < 6; taken++) events.push((await listener.next('notified')).event);
    const both: WatchEvent[] = [
      { type: 'nodeDataChanged', path: '/a' },
      { type: 'nodeChildrenChanged', path: '/a' },
    ];
    expect(events).toEqual([...both, ...both, ...both]);
    expect(context.warnings).toHaveLength(1);
    const answer = answerTo(link, GET);
    connection.fail((await connection.nextRequest()).xid, -101);
    expect(await answer).toEqual({ type: 'error', code: -101 });
  });

  it('keeps the bare package from reading on when a watcher throws', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    bare.client.connectionManager.registerDataWatcher('/a', () => {
      throw new Error('from the test');
    });
    connection.write(encodeWatchEvent({ type: 'nodeDataChanged', path: '/a' }, -1));
    await expect.poll(() => bare.thrown).toHaveLength(1);
  });

  it('lets the link start over when its listener throws', async () => {
    const server = await context.server();
    const { listener, connection } = await context.connectedLink(server);
    listener.notified = () => {
      throw new Error('from the test');
    };
    connection.write(encodeWatchEvent({ type: 'nodeDataChanged', path: '/a' }, -1));
    await listener.next('disconnected');
    await server.acceptSession();
    await listener.next('connected');
    expect(context.warnings).toHaveLength(1);
  });
});
