/**
 * The serving process: the peer port, bare TCP with frames of the same sizes, and a route that takes one HTTP/2 stream for
 * each request. Prints the three ports as one line of JSON; ends when its stdin does.
 */
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { systemScheduler } from '@barnabas/cli';
import { ZERO_UUID } from '@barnabas/protocol';
import { type PeerHandlers, PeerServer } from '@barnabas/transport';
import { fastify } from 'fastify';
import { countFrames } from './count-frames.ts';

const records = new Map([65_536, 1_048_576].map((sizeBytes) => [sizeBytes, Buffer.alloc(sizeBytes, 1)]));
const empty = Buffer.alloc(0);

const handlers: PeerHandlers = {
  SyncGroup: () => ({ throttleTimeMs: 0, errorCode: 0, assignment: empty }),
  Fetch: ({ maxBytes }) => {
    const partition = {
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 1n,
      divergingEpoch: {},
      currentLeader: {},
      snapshotId: {},
      abortedTransactions: null,
      records: records.get(maxBytes) ?? empty,
    };
    const responses = [{ topic: 't', topicId: ZERO_UUID, partitions: [partition] }];
    return { throttleTimeMs: 0, errorCode: 0, responses, nodeEndpoints: [] };
  },
};

/** Answers each frame with one of the size that its first field asks for. */
const bare = createServer({ noDelay: true }, (socket) => {
  const replies = new Map<number, Buffer>();
  socket.on('error', () => undefined);
  socket.on(
    'data',
    countFrames((frame) => {
      const sizeBytes = frame.readInt32BE(0);
      let reply = replies.get(sizeBytes);
      if (reply === undefined) {
        reply = Buffer.alloc(4 + sizeBytes);
        reply.writeInt32BE(sizeBytes);
        replies.set(sizeBytes, reply);
      }
      socket.write(reply);
    }, socket),
  );
});

const perRequest = fastify<Http2Server>({
  http2: true,
  serverFactory: (handler) => {
    const server = createHttp2Server({ settings: { initialWindowSize: 2 ** 23, maxFrameSize: 2 ** 20 } }, handler);
    server.on('session', (session) => session.setLocalWindowSize(2 ** 23));
    return server;
  },
});
perRequest.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
perRequest.post('/one', (request, reply) => {
  const sizeBytes = (request.body as Buffer).readInt32BE(0);
  return reply.type('application/octet-stream').send(records.get(sizeBytes) ?? Buffer.alloc(sizeBytes));
});

const host = '127.0.0.1';
const logger = { warn: (line: string) => console.error(line) };
const peer = await PeerServer.start({ host, port: 0, handlers, scheduler: systemScheduler, logger });
await perRequest.listen({ host, port: 0 });
bare.listen(0, host, () => {
  const portOf = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;
  console.log(JSON.stringify({ peer: peer.port, bare: portOf(bare), perRequest: portOf(perRequest.server) }));
});
process.stdin.resume().on('end', () => process.exit());
