import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Peers } from '../support/peers.ts';

/** The preface of HTTP/2 and an empty SETTINGS frame: a caller that begins, and then says nothing more. */
const GREETING = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from('000000040000000000', 'hex'),
]);
const heartbeat = { groupId: 'g', generationId: 1, memberId: 'm' };

describe('ConnectionKeeper', () => {
  it('drops a caller that leaves pings unanswered, and keeps one that answers them', async () => {
    let aborted = 0;
    await using peers = await Peers.start(
      {
        Heartbeat: (_request, { signal }) => {
          signal.addEventListener('abort', () => aborted++);
          return { throttleTimeMs: 0, errorCode: 0 };
        },
      },
      { server: { pingIntervalMs: 100 } },
    );
    await peers.client.send('Heartbeat', 4, heartbeat, { deadlineMs: 10_000 });
    const silent = connect(peers.server.port, '127.0.0.1');
    silent.on('error', () => undefined).resume();
    silent.write(GREETING);
    await once(silent, 'close');
    await peers.client.send('Heartbeat', 4, heartbeat, { deadlineMs: 10_000 });
    expect(aborted).toBe(0);
  });
});
