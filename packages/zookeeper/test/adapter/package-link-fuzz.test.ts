import type { Scheduler } from '@barnabas/model';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeReply } from '../../src/jute/reply-codec.ts';
import { encodeWatchEvent } from '../../src/jute/watch-codec.ts';
import type { SessionLink, SessionRequest } from '../../src/session/session-link.ts';
import { AdapterContext } from '../support/adapter/adapter-context.ts';
import { type FakeConnection, sessionFrame } from '../support/adapter/fake-connection.ts';
import type { FakeServer } from '../support/adapter/fake-server.ts';
import { realScheduler } from '../support/adapter/real-time.ts';

const REQUESTS: readonly SessionRequest[] = [
  { op: 'sync', path: '/' },
  { op: 'sync', path: '/a' },
  { op: 'getData', path: '/a', watch: true },
  { op: 'getChildren2', path: '/a', watch: true },
  { op: 'getACL', path: '/a' },
  { op: 'setData', path: '/a', data: null, version: 0 },
  { op: 'multi', ops: [{ op: 'check', path: '/a', version: 0 }] },
];

/** What one connection of the fake server says, one after the other; the handshake is no exception. */
type Saying =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** A frame that is one, of no meaning. */
  | { readonly type: 'frame'; readonly body: Uint8Array }
  /** What a right server would say, with some bytes overwritten. */
  | { readonly type: 'damaged'; readonly frame: Buffer; readonly at: number; readonly byte: number }
  | { readonly type: 'header'; readonly xid: number; readonly code: number }
  | { readonly type: 'pause' }
  | { readonly type: 'cut' };

const smallXid = fc.integer({ min: -9, max: 12 });
const rightFrame = fc.oneof(
  fc.constant(sessionFrame(10_000)),
  smallXid.map((xid) => encodeReply({ xid, zxid: 1, code: 0 }, { op: 'sync', path: '/a' })),
  smallXid.map((xid) =>
    encodeReply({ xid, zxid: 1, code: 0 }, { op: 'multi', results: [{ op: 'check' }, { op: 'error', code: -118 }] }),
  ),
  fc.constant(encodeWatchEvent({ type: 'nodeDeleted', path: '/a' }, -1)),
);
const saying: fc.Arbitrary<Saying> = fc.oneof(
  fc.record({ type: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ type: fc.constant('frame' as const), body: fc.uint8Array({ maxLength: 120 }) }),
  fc.record({
    type: fc.constant('damaged' as const),
    frame: rightFrame,
    at: fc.nat(200),
    byte: fc.nat(255),
  }),
  fc.record({ type: fc.constant('header' as const), xid: smallXid, code: fc.constantFrom(0, -101, -112, -118, 4711) }),
  fc.constant({ type: 'pause' } as const),
  fc.constant({ type: 'cut' } as const),
);
/** Most connections begin as they should, or nothing else would be seen. */
const conversation = fc.record({
  takesSession: fc.integer({ min: 0, max: 4 }).map((dice) => dice > 0),
  sayings: fc.array(saying, { maxLength: 12 }),
});

/** Pauses between attempts are not what this is about. */
const hasty: Scheduler = { ...realScheduler, after: (delayMs, task) => realScheduler.after(delayMs / 25, task) };

let context: AdapterContext;
let server: FakeServer;

beforeEach(async () => {
  context = new AdapterContext();
  server = await context.server();
});

afterEach(() => context.close());

describe('any bytes from a server', () => {
  it('leave every request answered once, in order, and the process alive', async () => {
    const property = fc.asyncProperty(
      fc.array(conversation, { minLength: 1, maxLength: 3 }),
      fc.array(fc.constantFrom(...REQUESTS), { minLength: 1, maxLength: 10 }),
      async (conversations, requests) => {
        const { link, listener } = context.link([server], { scheduler: hasty, handshakeTimeoutMs: 500 });
        const answers = new OrderedAnswers();
        const connected = listener.connected.bind(listener);
        listener.connected = (session) => {
          connected(session);
          for (const request of requests) answers.ask(link, request);
        };
        for (const { takesSession, sayings } of conversations) {
          if (listener.types.includes('ended')) break;
          await converse(await server.accept(), takesSession, sayings);
        }
        await link.close(false, 0);
        expect(answers.order).toEqual(Array.from({ length: answers.asked }, (_, index) => index));
        expectLegal(listener.types);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});

/** Plays a server until it has said all, or the client has left it. */
async function converse(connection: FakeConnection, takesSession: boolean, sayings: readonly Saying[]): Promise<void> {
  if (takesSession) await connection.takeSession({ timeoutMs: 10_000 }).catch(() => {});
  for (const each of sayings) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    say(connection, each);
  }
  connection.end();
  await connection.closed;
}

function say(connection: FakeConnection, saying: Saying): void {
  switch (saying.type) {
    case 'bytes':
      connection.write(saying.bytes);
      break;
    case 'frame': {
      const length = Buffer.alloc(4);
      length.writeInt32BE(saying.body.length);
      connection.write(Buffer.concat([length, saying.body]));
      break;
    }
    case 'damaged': {
      const frame = Buffer.from(saying.frame);
      frame[saying.at % frame.length] = saying.byte;
      connection.write(frame);
      break;
    }
    case 'header':
      connection.fail(saying.xid, saying.code);
      break;
    case 'cut':
      connection.cut();
      break;
    case 'pause':
      break;
  }
}

/** Numbers the requests, and keeps in which order they were answered. */
class OrderedAnswers {
  readonly order: number[] = [];
  asked = 0;

  ask(link: SessionLink, request: SessionRequest): void {
    const index = this.asked++;
    link.send(request, () => this.order.push(index));
  }
}

/** No `connected` twice without a `disconnected`, notifications while connected, nothing after the end. */
function expectLegal(types: readonly string[]): void {
  const story = types.filter((type) => type !== 'notified').join(' ');
  expect(story).toMatch(/^(connected disconnected ?|disconnected ?)*(connected)?( ?ended)?$/);
  for (const [index, type] of types.entries()) {
    if (type !== 'notified') continue;
    const state = types.slice(0, index).findLast((before) => before !== 'notified');
    expect(state).toBe('connected');
  }
}
