import { brokerId } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import type { PeerContext, PeerHandler, PeerHandlers } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { BrokerRequests } from '../../src/requests/broker-requests.ts';

const [SELF, OTHER] = [brokerId(1), brokerId(2)];
const OPTIONS = { deadlineMs: 1000 };
const HEARTBEAT = { groupId: 'g', generationId: 1, memberId: 'm' };
const DONE = { throttleTimeMs: 0, errorCode: 0 };

describe('a request for another broker', () => {
  it('goes to that broker', async () => {
    const { requests, sent } = begin({});
    expect(await requests.ask(OTHER, 'Heartbeat', 3, HEARTBEAT, OPTIONS)).toEqual({ ...DONE, errorCode: 9 });
    expect(sent).toEqual([[2, 'Heartbeat', 3, HEARTBEAT, { deadlineMs: 1000 }]]);
  });
});

describe('a request for this broker', () => {
  it('reaches the handler as it would over a connection, with every default filled in', async () => {
    const seen: unknown[] = [];
    const { requests, sent } = begin({
      Heartbeat: (request, { version, clientId, remote }) => {
        seen.push(request, version, clientId, remote);
        return { ...DONE, errorCode: 5 };
      },
    });
    expect(await requests.ask(SELF, 'Heartbeat', 3, HEARTBEAT, OPTIONS)).toEqual({ ...DONE, errorCode: 5 });
    expect(seen).toEqual([{ ...HEARTBEAT, groupInstanceId: null }, 3, 'broker-1', 'this broker']);
    expect(sent).toEqual([]);
  });

  it('has bytes of its own, so that stamping them changes nothing for who asked', async () => {
    const produce: PeerHandler<'Produce'> = ({ topicData }) => {
      topicData[0]?.partitionData[0]?.records?.fill(9);
      return { responses: [], throttleTimeMs: 0 };
    };
    const { requests } = begin({ Produce: produce });
    const records = new Uint8Array(10_000).fill(1);
    const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }];
    await requests.ask(SELF, 'Produce', 11, { acks: -1, timeoutMs: 1, topicData }, OPTIONS);
    expect(records.every((byte) => byte === 1)).toBe(true);
  });

  it('is refused before anything is done where its fields cannot hold a value', async () => {
    let isCalled = false;
    const { requests } = begin({
      Heartbeat: () => {
        isCalled = true;
        return DONE;
      },
    });
    const asking = requests.ask(SELF, 'Heartbeat', 3, { ...HEARTBEAT, generationId: 2 ** 40 }, OPTIONS);
    await expect(asking).rejects.toMatchObject({ name: 'UnencodableMessageError' });
    expect(isCalled).toBe(false);
  });

  it('is refused where this broker has no handler for it', async () => {
    const asking = begin({}).requests.ask(SELF, 'Heartbeat', 3, HEARTBEAT, OPTIONS);
    await expect(asking).rejects.toMatchObject({ name: 'PeerError', outcome: 'refused' });
  });

  it('has an unknown outcome once its deadline has passed, of which the handler learns', async () => {
    let context: PeerContext | undefined;
    const { requests, scheduler } = begin({
      Heartbeat: (_, given) => {
        context = given;
        return new Promise(() => {});
      },
    });
    const asking = requests.ask(SELF, 'Heartbeat', 3, HEARTBEAT, OPTIONS);
    const refusal = expect(asking).rejects.toMatchObject({ outcome: 'unknown', failure: 'deadline' });
    await scheduler.advanceBy(999);
    expect(context?.signal.aborted).toBe(false);
    await scheduler.advanceBy(1);
    await refusal;
    expect(context?.signal.aborted).toBe(true);
  });

  it('tells the handler when nobody waits any longer', async () => {
    const aborter = new AbortController();
    let isAborted = false;
    const { requests, scheduler } = begin({
      Heartbeat: (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isAborted = true;
            resolve(DONE);
          });
        }),
    });
    const asking = requests.ask(SELF, 'Heartbeat', 3, HEARTBEAT, { ...OPTIONS, signal: aborter.signal });
    aborter.abort();
    await asking;
    expect(isAborted).toBe(true);
    expect(scheduler.pendingTimers).toBe(0);
  });

  it('begins aborted where nobody waits from the start', async () => {
    const { requests } = begin({
      Heartbeat: (_, { signal }) => ({ ...DONE, errorCode: signal.aborted ? 1 : 0 }),
    });
    const options = { ...OPTIONS, signal: AbortSignal.abort() };
    expect((await requests.ask(SELF, 'Heartbeat', 3, HEARTBEAT, options)).errorCode).toBe(1);
  });

  it('has an unknown outcome where the handler fails, or answers what cannot be sent', async () => {
    const failing: PeerHandlers[] = [
      {
        Heartbeat: () => {
          throw new Error('no');
        },
      },
      { Heartbeat: () => ({ ...DONE, errorCode: 1e9 }) },
    ];
    for (const handlers of failing) {
      const asking = begin(handlers).requests.ask(SELF, 'Heartbeat', 3, HEARTBEAT, OPTIONS);
      await expect(asking).rejects.toMatchObject({ name: 'PeerError', outcome: 'unknown' });
    }
  });
});

function begin(handlers: PeerHandlers) {
  const scheduler = new SimulatedScheduler(new SimulatedClock());
  const sent: unknown[][] = [];
  const requests = new BrokerRequests({
    self: SELF,
    handlers,
    scheduler,
    clientId: 'broker-1',
    peers: {
      send: (...args) => {
        sent.push(args);
        return Promise.resolve({ ...DONE, errorCode: 9 } as never);
      },
    },
  });
  return { requests, scheduler, sent };
}
