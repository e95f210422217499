import { once } from 'node:events';
import { connect } from 'node:http2';
import { APIS } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../../src/wire/request-frame.ts';
import { Peers } from '../support/peers.ts';

const ANSWER_BYTES = 256 * 1024;
const request = { groupId: 'g', generationId: 1, memberId: 'm', assignments: [] };
const deadlineMs = 20_000;

describe('back-pressure', () => {
  it('takes no more requests of a caller that does not read its answers', async () => {
    let handled = 0;
    const assignment = Buffer.alloc(ANSWER_BYTES);
    await using peers = await Peers.start(
      {
        SyncGroup: () => {
          handled++;
          return { throttleTimeMs: 0, errorCode: 0, assignment };
        },
      },
      { server: { maxWaitingBytes: 4 * ANSWER_BYTES, maxRunning: 4 } },
    );
    // Node's own windows: 64 KiB and no more can be under way.
    const session = connect(`http://127.0.0.1:${peers.server.port}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/internal/v1/frames/general',
      'content-type': 'application/vnd.barnabas.frames',
    });
    await once(stream, 'response');
    stream.pause();
    const frames = Array.from({ length: 1000 }, (_, index) =>
      encodeRequest(APIS.SyncGroup, 5, { correlationId: index + 1, clientId: 'c' }, request),
    );
    stream.write(Buffer.concat(frames.flatMap(({ parts }) => parts)));
    // What another stream is asked later is answered; by then the first one has come to rest.
    for (let turn = 0; turn < 20; turn++) await peers.client.send('SyncGroup', 5, request, { deadlineMs });
    const ofOthers = 20;
    expect(handled - ofOthers).toBeGreaterThan(0);
    expect(handled - ofOthers).toBeLessThanOrEqual(4 + 4 + 1);

    let receivedBytes = 0;
    stream.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length;
      if (receivedBytes >= 1000 * ANSWER_BYTES) stream.emit('all');
    });
    stream.resume();
    await once(stream, 'all');
    expect(handled - ofOthers).toBe(1000);
    session.destroy();
  });

  it('gives handlers no more than a bound of requests at once', async () => {
    let running = 0;
    let mostRunning = 0;
    await using peers = await Peers.start(
      {
        Heartbeat: async () => {
          mostRunning = Math.max(mostRunning, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          return { throttleTimeMs: 0, errorCode: 0 };
        },
      },
      { server: { maxRunning: 8 } },
    );
    const heartbeat = { groupId: 'g', generationId: 1, memberId: 'm' };
    await Promise.all(Array.from({ length: 500 }, () => peers.client.send('Heartbeat', 4, heartbeat, { deadlineMs })));
    expect(mostRunning).toBe(8);
  });
});
