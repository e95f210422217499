import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/operation/error-code.ts';
import { AdapterContext, answerTo, elapsed } from '../../support/adapter/adapter-context.ts';
import type { FakeServer } from '../../support/adapter/fake-server.ts';

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

/** Gives every connection its session and takes it away again, as the other holder of the session does. */
async function takeBackEverySession(server: FakeServer): Promise<void> {
  for (;;) {
    const connection = await server.acceptSession();
    connection.end();
  }
}

describe('defect 10: all watches are set again in one packet', () => {
  const WATCHES = 14_000;
  const pathOf = (index: number): string =>
    `/brokers/topics/a-topic-with-a-name-of-usual-length/partitions/${index}/state`;
  /** `jute.maxbuffer`, above which a server closes the connection. */
  const PACKET_BYTES_MAX = 0xfffff;

  it('is more than a server takes with the bare package', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    for (let index = 0; index < WATCHES; index++) {
      bare.client.connectionManager.registerDataWatcher(pathOf(index), () => {});
    }
    connection.cut();
    const packet = await (await server.acceptSession()).nextFrame();
    expect(packet.readInt32BE(4)).toBe(101);
    expect(packet.length).toBeGreaterThan(PACKET_BYTES_MAX);
  });

  it('is left to the session by the link, which sends nothing', async () => {
    const server = await context.server();
    const { link, listener, connection } = await context.connectedLink(server);
    void connection.serve(({ xid }) => {
      connection.fail(xid, ERROR_CODES.NO_NODE);
      return undefined;
    });
    const reads = Array.from({ length: WATCHES }, (_, index) =>
      answerTo(link, { op: 'exists', path: pathOf(index), watch: true }),
    );
    expect((await Promise.all(reads)).every(({ type }) => type === 'error')).toBe(true);
    connection.cut();
    await listener.next('disconnected');
    const next = await server.acceptSession();
    await listener.next('connected');
    link.send({ op: 'sync', path: '/' }, () => {});
    expect((await next.nextRequest()).request.op).toBe('sync');
  });
});

describe('defect 15: no pause before connecting again once a connection was made', () => {
  it('lets the bare package come back all the time', async () => {
    const server = await context.server();
    context.bare(server.connectString).client.connect();
    takeBackEverySession(server).catch(() => {});
    await elapsed(600);
    expect(server.acceptedCount).toBeGreaterThan(10);
  });

  it('makes the link wait, longer each time', async () => {
    const server = await context.server();
    context.link([server]);
    takeBackEverySession(server).catch(() => {});
    await elapsed(600);
    // At once, after 50-100, 100-200, 200-400 and 400-800 ms.
    expect(server.acceptedCount).toBeGreaterThanOrEqual(2);
    expect(server.acceptedCount).toBeLessThanOrEqual(5);
  });
});

describe('defect 22: names and addresses', () => {
  it('makes the bare package fail at an IPv6 address', () => {
    const bare = context.bare('[::1]:2181');
    const { servers } = bare.client.connectionManager as unknown as { servers: { host: string; port: string }[] };
    expect(servers).not.toEqual([{ host: '::1', port: '2181' }]);
  });

  it('does not keep the link from an IPv6 address', async () => {
    const server = await context.server({ host: '::1' });
    const { listener } = context.link([server]);
    await server.acceptSession();
    await listener.next('connected');
  });

  it('does not keep the link from a name whose first address does not answer', async () => {
    const server = await context.server({ host: '127.0.0.1' });
    const { listener } = context.link([{ host: 'localhost', port: server.port }]);
    await server.acceptSession();
    await listener.next('connected');
  });
});
