import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { systemClock as clock, systemRandom as random, systemScheduler as scheduler } from '@barnabas/cli';
import { Http2PeerClient } from '@barnabas/transport';
import type { Case } from './cases.ts';
import { countFrames } from './count-frames.ts';

/** One way of asking the serving process. */
export type Way = { readonly ask: (asked: Case) => Promise<unknown>; readonly close: () => Promise<unknown> };

const host = '127.0.0.1';
// The one that the transport uses, which need not be the one in the root.
const { Client } = createRequire(new URL('../../packages/transport/package.json', import.meta.url))(
  'undici',
) as typeof import('undici');

/** The peer port: everything that a broker uses, codecs and all. */
export const peerPort = (port: number): Way => {
  const client = new Http2PeerClient({ host, port, clientId: 'bench', clock, scheduler, random });
  return { ask: ({ ask }) => ask(client), close: () => client.close() };
};

/** A request is the size that is wanted, and padding. */
const bodyOf = ({ requestBytes, replyBytes }: Case): Buffer => {
  const body = Buffer.alloc(requestBytes);
  body.writeInt32BE(replyBytes);
  return body;
};

/** Frames of the same sizes on bare TCP, gathered in each turn, without codecs and without ids. */
export const bareTcp = async (port: number): Promise<Way> => {
  const socket: Socket = connect({ host, port, noDelay: true });
  await new Promise((resolve) => socket.once('connect', resolve));
  const waiting: (() => void)[] = [];
  let answered = 0;
  const onFrame = (): void => {
    waiting[answered++]?.();
    if (answered === waiting.length) {
      waiting.length = 0;
      answered = 0;
    }
  };
  socket.on('data', countFrames(onFrame, socket));
  let gathered: Buffer[] = [];
  const flush = (): void => {
    socket.write(Buffer.concat(gathered));
    gathered = [];
  };
  const frames = new Map<Case, Buffer>();
  const frameOf = (asked: Case): Buffer => {
    const frame = frames.get(asked) ?? Buffer.concat([Buffer.alloc(4), bodyOf(asked)]);
    frame.writeInt32BE(asked.requestBytes);
    frames.set(asked, frame);
    return frame;
  };
  return {
    ask: (asked) =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (gathered.push(frameOf(asked)) === 1) setImmediate(flush);
      }),
    close: async () => socket.destroy(),
  };
};

/** `idempotent`, as undici 7 has only one POST at a time under way otherwise. */
const ONE = { path: '/one', method: 'POST', idempotent: true } as const;

/** One HTTP/2 stream for each request, on one connection. */
export const streamPerRequest = (port: number): Way => {
  const options = { allowH2: true, useH2c: true, pipelining: 100, initialWindowSize: 2 ** 23 };
  const client = new Client(`http://${host}:${port}`, { ...options, connectionWindowSize: 2 ** 23 });
  const headers = { 'content-type': 'application/octet-stream' };
  return {
    ask: async (asked) => {
      const { body } = await client.request({ ...ONE, headers, body: bodyOf(asked) });
      return body.arrayBuffer();
    },
    close: () => client.destroy(),
  };
};
