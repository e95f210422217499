import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ZooKeeperServer } from '../../src/server/zookeeper-server.ts';
import { SessionClient } from '../support/server/session-client.ts';
import { askWord, handshake, WireClient } from '../support/server/wire-client.ts';
import { ServerContext } from './server-context.ts';

let context: ServerContext;
let server: ZooKeeperServer;

beforeEach(async () => {
  context = new ServerContext();
  server = await context.start({ maxFrameBytes: 10_000, maxClientConnections: 0 });
});

afterEach(() => context.close());

const framed = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** Op codes of requests that change something, and of some that do not exist. */
const opCode = fc.constantFrom(1, 2, 5, 7, 14, 15, 16, 19, 20, 21, 22, 101, 105, 106, -10, -11, 100, 999);

/** A request header, and behind it what no client would send. */
const brokenRequest = fc.tuple(fc.integer(), opCode, fc.uint8Array({ maxLength: 40 })).map(([xid, type, body]) => {
  const header = Buffer.alloc(8);
  header.writeInt32BE(xid, 0);
  header.writeInt32BE(type, 4);
  return framed(Buffer.concat([header, body]));
});

/** Sends all of it and closes its side; resolves when the server has closed its own. */
async function sendAll(bytes: Uint8Array): Promise<void> {
  const client = await WireClient.open(server.port);
  client.socket.end(bytes);
  await client.closed();
}

const complaints = () => context.logger.at('warn').length;

/** Reads the tree as it is for a client that behaves. */
async function treeIsEmpty(): Promise<boolean> {
  const client = await SessionClient.open(server.port);
  const { reply } = await client.ask({ op: 'getChildren', path: '/', watch: false });
  client.wire.socket.destroy();
  return reply?.op === 'getChildren' && reply.children.join() === 'zookeeper';
}

describe('clients that send anything', () => {
  it('have their connections closed, with one line in the log at most, and have written nothing', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map(framed),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([handshake(), framed(bytes)])),
      fc.array(brokenRequest, { maxLength: 5 }).map((requests) => Buffer.concat([handshake(), ...requests])),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const before = complaints();
        await sendAll(bytes);
        expect(complaints() - before).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
    expect(await askWord(server.port, 'ruok')).toBe('imok');
    expect(await treeIsEmpty()).toBe(true);
    expect(context.logger.at('error')).toEqual([]);
  });
});
