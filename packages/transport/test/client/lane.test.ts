import { APIS } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { ScriptedLane } from '../support/scripted-lane.ts';

const gone = new Error('gone');

describe('Lane', () => {
  it('opens a stream at the first request, sends when the peer has accepted it, and keeps the order', async () => {
    const test = new ScriptedLane();
    expect(test.streams).toHaveLength(0);
    const answers = [test.send(), test.send(), test.send()];
    expect(test.stream(0).written).toHaveLength(0);
    test.stream(0).events.onOpen();
    expect(test.stream(0).correlationIds).toEqual([1, 2, 3]);
    for (const id of [1, 2, 3]) test.stream(0).answer(id, id);
    expect(await Promise.all(answers)).toEqual(['answered 1', 'answered 2', 'answered 3']);
    expect(test.scheduler.pendingTimers).toBe(0);
  });

  it('matches answers that come out of order', async () => {
    const test = new ScriptedLane();
    const answers = [test.send(), test.send()];
    test.stream(0).events.onOpen();
    test.stream(0).answer(2, 22);
    test.stream(0).answer(1, 11);
    expect(await Promise.all(answers)).toEqual(['answered 11', 'answered 22']);
  });

  it('knows what was sent when the stream breaks', async () => {
    const test = new ScriptedLane();
    const sent = test.send();
    test.stream(0).events.onOpen();
    test.stream(0).hasRoom = false;
    const unsent = test.send();
    test.stream(0).events.onEnd(gone);
    expect(await sent).toBe('unknown: disconnected');
    expect(await unsent).toBe('refused: disconnected');
    expect(test.scheduler.pendingTimers).toBe(0);
  });

  it('refuses what waited for a stream that could not be opened', async () => {
    const test = new ScriptedLane();
    const answer = test.send();
    test.stream(0).events.onEnd(gone);
    expect(await answer).toBe('refused: unreachable');
  });

  it('gives up opening in time', async () => {
    const test = new ScriptedLane({ openTimeoutMs: 500 });
    const answer = test.send({ deadlineMs: 10_000 });
    await test.scheduler.advanceBy(500);
    expect(await answer).toBe('refused: unreachable');
    expect(test.stream(0).isDestroyed).toBe(true);
  });

  it('sends what waited for room when there is room', async () => {
    const test = new ScriptedLane();
    const answer = test.send();
    const stream = test.stream(0);
    stream.hasRoom = false;
    stream.events.onOpen();
    expect(stream.written).toHaveLength(0);
    stream.hasRoom = true;
    stream.events.onRoom();
    stream.answer(1);
    expect(await answer).toBe('answered 0');
  });

  it('waits longer after each failure, and only shortly after a peer that had answered', async () => {
    const test = new ScriptedLane();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      const beforeMs = test.clock.steadyMs();
      const answer = test.send({ deadlineMs: 10_000 });
      while (test.streams.length === attempt) await test.scheduler.advanceBy(1);
      pauses.push(test.clock.steadyMs() - beforeMs);
      test.stream(attempt).events.onEnd(gone);
      await answer;
    }
    const longest = [0, 50, 100, 200, 400, 800, 1000, 1000];
    for (const [attempt, pauseMs] of pauses.entries()) {
      expect(pauseMs).toBeGreaterThanOrEqual((longest[attempt] ?? 0) / 2);
      expect(pauseMs).toBeLessThanOrEqual((longest[attempt] ?? 0) + 1);
    }

    const answered = test.send({ deadlineMs: 10_000 });
    await test.scheduler.advanceBy(1000);
    test.stream(8).events.onOpen();
    test.stream(8).answer(9);
    expect(await answered).toBe('answered 0');
    test.stream(8).events.onEnd(gone);
    void test.send();
    await test.scheduler.advanceBy(51);
    expect(test.streams).toHaveLength(10);
  });

  it('opens no stream after a pause that everybody who waited has given up in', async () => {
    const test = new ScriptedLane();
    const first = test.send();
    test.stream(0).events.onEnd(gone);
    await first;
    const answer = test.send({ deadlineMs: 5 });
    await test.scheduler.advanceBy(1000);
    expect(await answer).toBe('refused: deadline');
    expect(test.streams).toHaveLength(1);
    void test.send();
    expect(test.streams).toHaveLength(2);
  });

  it('answers at the deadline whether the request was sent', async () => {
    const test = new ScriptedLane({ openTimeoutMs: 5000 });
    const unsent = test.send({ deadlineMs: 100 });
    await test.scheduler.advanceBy(100);
    expect(await unsent).toBe('refused: deadline');
    test.stream(0).events.onOpen();
    expect(test.stream(0).written).toHaveLength(0);
    const sent = test.send({ deadlineMs: 100 });
    await test.scheduler.advanceBy(100);
    expect(await sent).toBe('unknown: deadline');
  });

  it('drops a stream on which nothing was heard since a request that missed its deadline', async () => {
    const test = new ScriptedLane();
    const slow = test.send({ deadlineMs: 10_000 });
    test.stream(0).events.onOpen();
    const missed = test.send({ deadlineMs: 100 });
    await test.scheduler.advanceBy(100);
    expect(await missed).toBe('unknown: deadline');
    expect(test.stream(0).isDestroyed).toBe(true);
    expect(await slow).toBe('unknown: disconnected');
  });

  it('keeps a stream on which others are answered, and ignores the late answer', async () => {
    const test = new ScriptedLane();
    const missed = test.send({ deadlineMs: 100 });
    const stream = test.stream(0);
    stream.events.onOpen();
    const quick = test.send();
    await test.scheduler.advanceBy(50);
    stream.answer(2);
    await test.scheduler.advanceBy(50);
    expect([await missed, await quick]).toEqual(['unknown: deadline', 'answered 0']);
    stream.answer(1);
    expect(stream.isDestroyed).toBe(false);
  });

  it('bounds requests in flight, counting those whose callers gave up', async () => {
    const test = new ScriptedLane({ maxInFlight: 2 });
    const missed = test.send({ deadlineMs: 100 });
    test.stream(0).events.onOpen();
    await test.scheduler.advanceBy(1);
    const quick = test.send();
    expect(await test.send()).toBe('refused: overloaded');
    await test.scheduler.advanceBy(1);
    test.stream(0).answer(2);
    await test.scheduler.advanceBy(98);
    expect([await missed, await quick]).toEqual(['unknown: deadline', 'answered 0']);
    void test.send();
    expect(await test.send()).toBe('refused: overloaded');
    test.stream(0).answer(1);
    void test.send();
    expect(test.stream(0).written).toHaveLength(4);
  });

  it('bounds bytes in flight, and frames', async () => {
    const test = new ScriptedLane({ maxInFlightBytes: 5000, maxFrameBytes: 9000 });
    expect(await test.send({ groupId: 'g'.repeat(9000) })).toBe('refused: too-large');
    void test.send({ groupId: 'g'.repeat(8000) });
    expect(await test.send()).toBe('refused: overloaded');
    test.stream(0).events.onOpen();
    test.stream(0).answer(2);
    void test.send();
    expect(test.stream(0).written).toHaveLength(2);
  });

  it.each([
    ['an answer to nothing', Buffer.from('0000000400000063', 'hex')],
    ['half an answer', Buffer.from('0000000400000001', 'hex')],
    ['a frame over the limit', Buffer.from('7fffffff', 'hex')],
  ])('drops a stream with %s', async (_name, bytes) => {
    const test = new ScriptedLane();
    const answer = test.send();
    test.stream(0).events.onOpen();
    test.stream(0).events.onData(bytes);
    expect(await answer).toBe('unknown: malformed');
    expect(test.stream(0).isDestroyed).toBe(true);
  });

  it('fails a request that cannot be written before anything is sent', async () => {
    const test = new ScriptedLane();
    await expect(test.lane.send(APIS.Heartbeat, 99, {}, 1000)).rejects.toMatchObject({ error: 'UNSUPPORTED_VERSION' });
    expect(test.streams).toHaveLength(0);
  });

  it('fails everything when it is closed, and leaves no timer', async () => {
    const test = new ScriptedLane();
    const sent = test.send();
    test.stream(0).events.onOpen();
    test.stream(0).hasRoom = false;
    const unsent = test.send();
    await test.lane.close();
    expect([await sent, await unsent, await test.send()]).toEqual([
      'unknown: closed',
      'refused: closed',
      'refused: closed',
    ]);
    expect(test.stream(0).isDestroyed).toBe(true);
    expect(test.scheduler.pendingTimers).toBe(0);
  });
});
