import type { PeerContext } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../src/node/gate.ts';

const CONTEXT: PeerContext = { version: 0, clientId: null, remote: 'r', signal: new AbortController().signal };
const ANSWER = { throttleTimeMs: 0, errorCode: 0 };

describe('Gate', () => {
  it('holds requests back until it is opened, and none after', async () => {
    const handled: string[] = [];
    const gate = new Gate();
    const handlers = gate.before({
      Heartbeat: ({ memberId }) => {
        handled.push(memberId);
        return ANSWER;
      },
    });
    const ask = (memberId: string) =>
      handlers.Heartbeat?.({ groupId: 'g', generationId: 1, memberId, groupInstanceId: null }, CONTEXT);
    const early = [ask('one'), ask('two')];
    await Promise.resolve();
    expect(handled).toEqual([]);
    gate.open();
    expect(await Promise.all(early)).toEqual([ANSWER, ANSWER]);
    await ask('three');
    expect(handled).toEqual(['one', 'two', 'three']);
  });
});
