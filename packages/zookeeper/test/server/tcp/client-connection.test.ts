import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeRequest } from '../../../src/jute/request-codec.ts';
import type { Request } from '../../../src/operation/request.ts';
import { askWord, handshake, WireClient } from '../../support/server/wire-client.ts';
import { type ListenerContext, openListener } from './listener-context.ts';

const exists = (path: string): Request => ({ op: 'exists', path, watch: false });

let context: ListenerContext;

beforeEach(async () => {
  context = await openListener({ maxFrameBytes: 1000 });
});

afterEach(() => context.listener.abort());

describe('a connection', () => {
  it('has requests executed in their order, and answered in it', async () => {
    const client = await WireClient.withSession(context.port);
    client.send([1, exists('/a')], [2, exists('/b')], [3, { op: 'ping' }]);
    await client.framesCame(4);
    expect(client.xids).toEqual([1, 2, 3]);
    expect(context.engine.connections[0]?.requests).toEqual([exists('/a'), exists('/b'), { op: 'ping' }]);
  });

  it('takes a handshake and requests that come byte by byte', async () => {
    const client = await WireClient.open(context.port);
    client.socket.setNoDelay(true);
    for (const byte of handshake()) client.socket.write(Uint8Array.of(byte));
    client.send([7, exists('/a')]);
    await client.framesCame(2);
    expect(client.xids).toEqual([7]);
  });

  it('has all requests of one event executed in one go, and answers them in one write', async () => {
    const client = await WireClient.withSession(context.port);
    const readsBefore = client.socket.bytesRead;
    const answers: number[] = [];
    client.socket.on('data', (chunk: Buffer) => void answers.push(chunk.length));
    client.send(...Array.from({ length: 50 }, (_, index) => [index, exists('/a')] as const));
    await client.framesCame(51);
    expect(answers).toEqual([client.socket.bytesRead - readsBefore]);
  });

  it('sends no answer before the disk has what was logged before it', async () => {
    const client = await WireClient.withSession(context.port);
    context.engine.onRequest = (request) => {
      if ('path' in request && request.path === '/write') context.gate.logged(5);
    };
    client.send([1, exists('/before')], [2, exists('/write')], [3, exists('/after')]);
    await client.framesCame(2);
    expect(client.xids).toEqual([1]);
    expect(context.gate.heldCount).toBe(2);
    expect([...context.listener.connections][0]?.outstanding).toBe(2);
    context.gate.durable(5);
    await client.framesCame(4);
    expect(client.xids).toEqual([1, 2, 3]);
  });

  it('is closed by the engine after what was said before, and what comes then is not executed', async () => {
    const client = await WireClient.withSession(context.port);
    const unknown = Buffer.from([0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 3, 0xe7]);
    client.send([1, exists('/a')]);
    client.socket.write(unknown);
    client.send([3, exists('/b')]);
    await client.closed();
    await connectionsGone();
    expect(client.xids).toEqual([1, 2]);
    expect(context.engine.connections[0]).toMatchObject({ requests: [exists('/a')], unknownXids: [2], lostCount: 1 });
  });

  it.each([
    ['debug', true],
    ['info', false],
  ])('is closed with a line at level %s where that is in order: %s', async (level, isInOrder) => {
    const client = await WireClient.withSession(context.port);
    context.engine.connections[0]?.peer.closed('so it is', isInOrder);
    context.gate.release();
    await client.closed();
    expect(context.logger.lines).toMatchObject([{ level, message: 'connection closed: so it is' }]);
  });

  it('tells the engine when the client has gone', async () => {
    const client = await WireClient.withSession(context.port);
    client.socket.destroy();
    await connectionsGone();
    expect(context.engine.connections[0]?.lostCount).toBe(1);
    expect(context.logger.lines).toEqual([]);
  });
});

describe('a connection that is dropped', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['a frame that is too large', Buffer.from([0, 0, 3, 0xe9]), /1001 bytes/],
    ['a frame of a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff]), /-1 bytes/],
    ['a request that is cut within', Buffer.from([0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 3, 1]), /what is no request/],
    ['a frame without a header', Buffer.from([0, 0, 0, 3, 1, 2, 3]), /what is no request/],
  ];

  it.each(cases)('is closed for %s, with one line in the log and nothing executed', async (_, bytes, message) => {
    const client = await WireClient.withSession(context.port);
    client.socket.write(Buffer.concat([bytes, Buffer.from([0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 11])]));
    await client.closed();
    await connectionsGone();
    expect(context.engine.connections[0]).toMatchObject({ requests: [], lostCount: 1 });
    expect(context.logger.at('warn')).toEqual([expect.stringMatching(message)]);
    expect(context.logger.lines[0]?.details).toMatchObject({ client: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
    expect(context.failures).toEqual([]);
  });

  it('has what it brought about before told to others at once', async () => {
    const [watcher, client] = [await WireClient.withSession(context.port), await WireClient.withSession(context.port)];
    context.engine.onRequest = () => {
      context.engine.connections[0]?.peer.notified({ type: 'nodeDataChanged', path: '/a' }, -1);
    };
    const malformed = Buffer.from([0x7f, 0xff, 0xff, 0xff]);
    client.socket.write(Buffer.concat([encodeRequest(1, exists('/a')), malformed]));
    await watcher.framesCame(2);
    expect(watcher.xids).toEqual([-1]);
  });

  it('is closed, it alone, where the answer to it would be too large', async () => {
    context.listener.abort();
    context = await openListener({ maxOutputBytes: 1000 });
    const [other, client] = [await WireClient.withSession(context.port), await WireClient.withSession(context.port)];
    context.engine.answerBytes = 976;
    client.send([1, exists('/a')]);
    await client.framesCame(2);
    context.engine.answerBytes = 977;
    client.send([2, exists('/a')], [3, exists('/a')]);
    await client.closed();
    expect(client.xids).toEqual([1]);
    expect(context.logger.at('warn')).toEqual([expect.stringMatching(/cannot be answered.* more than 1000 bytes/)]);
    expect(context.failures).toEqual([]);
    context.engine.answerBytes = 0;
    other.send([1, exists('/a')]);
    await other.framesCame(2);
  });

  it('is closed, it alone, where the answer to it cannot be encoded', async () => {
    const client = await WireClient.withSession(context.port);
    const unwritable = { op: 'getAllChildrenNumber', count: 2 ** 40 } as const;
    context.engine.onRequest = () => {
      context.engine.connections[0]?.peer.replied({ xid: 1, zxid: 1, code: 0 }, unwritable);
    };
    client.send([1, exists('/a')]);
    await client.closed();
    expect(context.logger.at('warn')).toEqual([expect.stringMatching(/cannot be answered/)]);
    expect(context.failures).toEqual([]);
  });

  it.each([
    ['handshake', Buffer.alloc(0), handshake().subarray(0, 20)],
    ['first length', Buffer.alloc(0), Buffer.from([0, 0])],
    ['request', handshake(), Buffer.from([0, 0, 0, 9, 1, 2])],
  ])('is closed where the client goes in the middle of a %s', async (_, whole, part) => {
    const client = await WireClient.open(context.port);
    client.socket.end(Buffer.concat([whole, part]));
    await client.closed();
    await connectionsGone();
    expect(context.logger.at('warn')).toEqual([expect.stringMatching(/in the middle of a request/)]);
    expect(context.engine.connections.flatMap(({ requests }) => requests)).toEqual([]);
  });

  it('is closed for bytes of another protocol', async () => {
    const client = await WireClient.open(context.port);
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    await client.closed();
    expect(context.engine.connections).toEqual([]);
    expect(context.logger.at('warn')).toHaveLength(1);
  });

  it('is closed where no handshake comes in time', async () => {
    const [silent, started, served] = [
      await WireClient.open(context.port),
      await WireClient.open(context.port),
      await WireClient.withSession(context.port),
    ];
    started.socket.write(handshake().subarray(0, 30));
    served.send([1, exists('/a')]);
    await served.framesCame(2);
    await context.scheduler.advanceBy(10_000);
    await Promise.all([silent.closed(), started.closed()]);
    expect(context.traffic.silentConnections).toBe(2);
    expect(served.socket.destroyed).toBe(false);
  });

  it('is refused where its address has as many as it may', async () => {
    context.listener.abort();
    context = await openListener({}, 2);
    const first = await WireClient.withSession(context.port);
    await WireClient.withSession(context.port);
    const third = await WireClient.open(context.port);
    await third.closed();
    expect(context.traffic.rejectedConnections).toBe(1);
    first.socket.destroy();
    await connectionsGone(1);
    await WireClient.withSession(context.port);
  });
});

describe('a four-letter word', () => {
  it('is answered, and the connection closed', async () => {
    expect(await askWord(context.port, 'ruok')).toBe('answer to ruok');
    expect(context.engine.connections).toEqual([]);
    expect(context.logger.lines).toEqual([]);
  });

  it('is answered also with a line end behind it, and where the client has closed its side', async () => {
    const client = await WireClient.open(context.port);
    const chunks: Buffer[] = [];
    client.socket.removeAllListeners('data').on('data', (chunk: Buffer) => void chunks.push(chunk));
    client.socket.end('ruok\n');
    await client.closed();
    expect(Buffer.concat(chunks).toString()).toBe('answer to ruok');
  });

  it('is none after the handshake', async () => {
    const client = await WireClient.withSession(context.port);
    client.socket.write('ruok');
    await client.closed();
    expect(context.logger.at('warn')).toHaveLength(1);
  });
});

/** Waits until the listener has let go of all connections but `left`. */
async function connectionsGone(left = 0): Promise<void> {
  while ([...context.listener.connections].length > left) await new Promise((resolve) => setImmediate(resolve));
}
