import {
  SimulatedClock,
  SimulatedNetwork,
  SimulatedProcess,
  SimulatedScheduler,
  seededRandom,
} from '@barnabas/testkit';
import { PeerError, type PeerHandlers } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';

const OPTIONS = { deadlineMs: 1000 };
const EMPTY_FETCH = { maxWaitMs: 0, minBytes: 0, topics: [] };
const NOTHING_FETCHED = { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses: [], nodeEndpoints: [] };
const UPDATE = { controllerId: 1, controllerEpoch: 1, brokerEpoch: 1n, topicStates: [], liveBrokers: [] };

describe('SimulatedNetwork', () => {
  it('carries a request and its answer, each in its time', async () => {
    const { run, client, clock } = prepared({ Fetch: () => NOTHING_FETCHED });
    const answer = client.send('Fetch', 12, EMPTY_FETCH, OPTIONS);
    await run(10);
    expect(await answer).toMatchObject({ errorCode: 0, responses: [] });
    expect(clock.steadyMs()).toBe(10);
  });

  it('refuses where nobody listens', async () => {
    const { run, client } = prepared(undefined);
    const outcome = outcomeOf(client.send('Fetch', 12, EMPTY_FETCH, OPTIONS));
    await run(10);
    expect(await outcome).toEqual('refused unreachable');
  });

  it('sends nothing before the connection is there: what was refused has not arrived', async () => {
    let hasArrived = false;
    const { run, client, network } = prepared({
      Fetch: () => {
        hasArrived = true;
        return NOTHING_FETCHED;
      },
    });
    const outcome = outcomeOf(client.send('Fetch', 12, EMPTY_FETCH, OPTIONS));
    network.silenceOneWay('b', 'a');
    await run(10);
    network.cut('a', 'b');
    await run(10);
    expect([await outcome, hasArrived]).toEqual(['refused unreachable', false]);
  });

  it('does not know what became of a request whose connection broke', async () => {
    const { run, client, network } = prepared({ Fetch: () => new Promise(() => {}) });
    const outcome = outcomeOf(client.send('Fetch', 12, EMPTY_FETCH, OPTIONS));
    await run(10);
    network.cut('a', 'b');
    await run(10);
    expect(await outcome).toEqual('unknown disconnected');
  });

  it('tells a handler that nobody waits any more', async () => {
    const signals: AbortSignal[] = [];
    const handlers: PeerHandlers = {
      Fetch: (_, { signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    };
    const { run, client, network, a } = prepared(handlers);
    void outcomeOf(client.send('Fetch', 12, EMPTY_FETCH, OPTIONS));
    await run(10);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    network.kill(a);
    await run(10);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('hands over control requests one after the answer to the other', async () => {
    const events: string[] = [];
    const { run, client, scheduler } = prepared({
      UpdateMetadata: ({ controllerEpoch }) => {
        events.push(`begin ${controllerEpoch}`);
        return new Promise((resolve) => {
          scheduler.after(10, () => {
            events.push(`end ${controllerEpoch}`);
            resolve({ errorCode: 0 });
          });
        });
      },
    });
    for (const controllerEpoch of [1, 2])
      void client.send('UpdateMetadata', 8, { ...UPDATE, controllerEpoch }, OPTIONS);
    await run(50);
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('carries what goes the other way through a link that is silent one way', async () => {
    let arrived = 0;
    const { run, client, network } = prepared({
      Fetch: () => {
        arrived++;
        return NOTHING_FETCHED;
      },
    });
    await Promise.all([client.send('Fetch', 12, EMPTY_FETCH, OPTIONS), run(20)]);
    network.silenceOneWay('b', 'a');
    let isAnswered = false;
    void client.send('Fetch', 12, EMPTY_FETCH, OPTIONS).then(() => {
      isAnswered = true;
    });
    await run(50);
    expect([arrived, isAnswered]).toEqual([2, false]);
    network.heal('a', 'b');
    await run(1);
    expect(isAnswered).toBe(true);
  });

  it('keeps what is sent through a silent link until it is healed', async () => {
    const { run, client, network } = prepared({ Fetch: () => NOTHING_FETCHED });
    network.silence('b', 'a');
    const answer = client.send('Fetch', 12, EMPTY_FETCH, OPTIONS);
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    await run(500);
    expect(isAnswered).toBe(false);
    network.healAll();
    await run(20);
    expect(isAnswered).toBe(true);
  });

  it('gives up at the deadline, and connects anew for the next request', async () => {
    const { run, client, network } = prepared({ Fetch: () => NOTHING_FETCHED });
    network.silence('a', 'b');
    const outcome = outcomeOf(client.send('Fetch', 12, EMPTY_FETCH, OPTIONS));
    await run(1000);
    expect(await outcome).toEqual('unknown deadline');
    network.heal('a', 'b');
    const answer = client.send('Fetch', 12, EMPTY_FETCH, OPTIONS);
    await run(20);
    expect(await answer).toMatchObject({ responses: [] });
  });

  it('carries nothing that a dead process still sends', async () => {
    const seen: string[] = [];
    const { run, client, network, a } = prepared({
      Fetch: () => {
        seen.push('fetch');
        return NOTHING_FETCHED;
      },
    });
    network.kill(a);
    void outcomeOf(client.send('Fetch', 12, EMPTY_FETCH, OPTIONS));
    await run(2000);
    expect(seen).toEqual([]);
  });

  it('gives the other side a message of its own', async () => {
    const seen: object[] = [];
    const { run, client } = prepared({
      Fetch: (request) => {
        seen.push(request);
        return NOTHING_FETCHED;
      },
    });
    const sent = { ...EMPTY_FETCH };
    void client.send('Fetch', 12, sent, OPTIONS);
    await run(10);
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toBe(sent);
    expect(seen[0]).toMatchObject({ maxWaitMs: 0, isolationLevel: 0 });
  });
});

function prepared(handlers: PeerHandlers | undefined) {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const network = new SimulatedNetwork({ clock, scheduler, random: seededRandom(7) });
  const a = network.newHost('a', new SimulatedProcess(scheduler));
  const b = network.newHost('b', new SimulatedProcess(scheduler));
  if (handlers !== undefined) b.listen(handlers);
  const run = (durationMs: number) => scheduler.advanceBy(durationMs);
  return { clock, scheduler, network, a, b, run, client: a.connect('b', 'test') };
}

async function outcomeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'answered';
  } catch (error) {
    if (error instanceof PeerError) return `${error.outcome} ${error.failure}`;
    throw error;
  }
}
