import { brokerEpoch, brokerId, controllerEpoch } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { type PeerClient, PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { BrokerSender, type ControlAnswer } from '../../src/requests/broker-sender.ts';
import { emptyBatch } from '../../src/requests/control-batch.ts';

/** A sender whose peer answers each request as the test says, by its number. */
function begin() {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const sent: { api: string; atMs: number; resolve(answer: unknown): void; reject(error: unknown): void }[] = [];
  const answers: ControlAnswer[] = [];
  const levels: string[] = [];
  let isClosed = false;
  const client: PeerClient = {
    send: (api) =>
      new Promise<never>((resolve, reject) => {
        sent.push({ api, atMs: clock.steadyMs(), resolve: resolve as (answer: unknown) => void, reject });
      }),
    close: async () => {
      isClosed = true;
    },
  };
  const log = (level: string) => () => levels.push(level);
  const surroundings = {
    controllerId: brokerId(1),
    controllerEpoch: controllerEpoch(1),
    scheduler,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    requestTimeoutMs: 1000,
  };
  const broker = { id: brokerId(2), epoch: brokerEpoch(9) };
  const sender = new BrokerSender(broker, client, surroundings, (answer) => answers.push(answer));
  const brokers = () => ({ ...emptyBatch(), brokers: [] });
  return { scheduler, sent, answers, levels, sender, brokers, isClosed: () => isClosed };
}

describe('BrokerSender', () => {
  it('has one request in flight, and puts together what comes meanwhile', async () => {
    const { scheduler, sent, sender, brokers, answers } = begin();
    for (let batch = 0; batch < 5; batch++) {
      sender.enqueue(brokers());
      await scheduler.advanceBy(1);
    }
    expect(sent.length).toBe(1);
    sent[0]?.resolve({ errorCode: 0 });
    await scheduler.advanceBy(1);
    expect(sent.length).toBe(2);
    sent[1]?.resolve({ errorCode: 0 });
    await scheduler.advanceBy(1000);
    expect([sent.length, answers.length]).toEqual([2, 2]);
  });

  it('sends again every 100 ms until there is an answer, and complains once', async () => {
    const { scheduler, sent, sender, brokers, answers, levels } = begin();
    sender.enqueue(brokers());
    for (let attempt = 0; attempt < 3; attempt++) {
      await scheduler.advanceBy(0);
      sent[attempt]?.reject(new PeerError('unknown', 'deadline', 'no answer'));
      await scheduler.advanceBy(100);
    }
    sent[3]?.resolve({ errorCode: 0 });
    await scheduler.advanceBy(1000);
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 100, 200, 300]);
    expect([answers.length, levels]).toEqual([1, ['warn', 'debug', 'debug']]);
  });

  it('does not complain of one that is out of reach for a little while, as brokers are that stop or start', async () => {
    const { scheduler, sent, sender, brokers, levels } = begin();
    sender.enqueue(brokers());
    for (let attempt = 0; attempt < 25; attempt++) {
      await scheduler.advanceBy(0);
      sent[attempt]?.reject(new PeerError('refused', 'unreachable', 'nobody'));
      await scheduler.advanceBy(100);
      if (attempt < 15) expect(levels).not.toContain('warn');
    }
    expect(levels.filter((level) => level === 'warn')).toHaveLength(1);
  });

  it('sends nothing and passes no answer on once it is stopped', async () => {
    const { scheduler, sent, sender, brokers, answers, isClosed } = begin();
    sender.enqueue(brokers());
    await scheduler.advanceBy(1);
    sender.enqueue(brokers());
    sender.stop();
    sent[0]?.resolve({ errorCode: 0 });
    await scheduler.advanceBy(1000);
    expect([sent.length, answers.length, isClosed()]).toEqual([1, 0, true]);
  });

  it('stops in a pause, too', async () => {
    const { scheduler, sent, sender, brokers } = begin();
    sender.enqueue(brokers());
    await scheduler.advanceBy(0);
    sent[0]?.reject(new PeerError('refused', 'unreachable', 'nobody'));
    await scheduler.advanceBy(1);
    sender.stop();
    await scheduler.advanceBy(1000);
    expect([sent.length, scheduler.pendingTimers]).toEqual([1, 0]);
  });

  it('passes over a request that cannot be written: it never will be', async () => {
    const { scheduler, sent, sender, brokers, levels } = begin();
    sender.enqueue(brokers());
    await scheduler.advanceBy(0);
    sent[0]?.reject(new TypeError('no message'));
    sender.enqueue(brokers());
    await scheduler.advanceBy(1000);
    expect([sent.length, levels]).toEqual([2, ['error']]);
  });
});
