import { describe, expect, it } from 'vitest';
import type { Stat } from '../../src/operation/stat.ts';
import type { ZooKeeperSession } from '../../src/session/session.ts';
import type { Answer } from '../../src/session/session-link.ts';
import { ScriptedLink } from '../support/scripted-link.ts';
import { scriptedSession, settled } from '../support/scripted-session.ts';

describe('a session whose server is silent', () => {
  it('is suspended at two thirds of the timeout and lost at the timeout, with no help of the link', async () => {
    const { link, scheduler, states } = await scriptedSession();
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 6000', 'LOST 9000']);
    expect(link.drops).toHaveLength(1);
    expect(link.closedPolitely).toBe(false);
    expect(scheduler.pendingTimers).toBe(0);
  });

  it('counts from the sending of the newest request that the leader has answered', async () => {
    const { link, scheduler, session, states } = await scriptedSession();
    await scheduler.advanceBy(2000);
    void session.delete('/a', 0).catch(() => {});
    await scheduler.advanceBy(900);
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 8000', 'LOST 11000']);
  });

  it.each<[string, (session: ZooKeeperSession) => Promise<unknown>, Answer]>([
    [
      'reads, which a follower that is cut off answers',
      (session) => session.children('/a'),
      { type: 'reply', reply: { op: 'getChildren2', children: [], stat: {} as Stat } },
    ],
    ['refusals, which it may give by itself', (session) => session.delete('/a', 0), { type: 'error', code: -102 }],
  ])('is not kept alive by %s', async (_, ask, answer) => {
    const { link, scheduler, session, states } = await scriptedSession();
    scheduler.every(500, () => {
      if (session.state !== 'CONNECTED') return;
      void ask(session).catch(() => {});
      const asked = link.sent.pop();
      if (asked?.request.op !== 'sync') asked?.done(answer);
    });
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 6000', 'LOST 9000']);
  });

  it('is not kept alive by what it is told unasked', async () => {
    const { link, scheduler, states } = await scriptedSession();
    scheduler.every(100, () => link.notify('nodeDataChanged', '/a'));
    await scheduler.advanceBy(9000);
    expect(states).toEqual(['SUSPENDED 6000', 'LOST 9000']);
  });

  it('is suspended as soon as the connection goes, and lost at the timeout if no server takes it back', async () => {
    const { link, scheduler, states } = await scriptedSession();
    scheduler.after(1000, () => link.cut('reset'));
    await scheduler.advanceBy(10_000);
    expect(states).toEqual(['SUSPENDED 1000', 'LOST 9000']);
  });
});

describe('heartbeats', () => {
  it('go out a third of the timeout after the newest request that was confirmed, whatever comes in', async () => {
    const { link, scheduler } = await scriptedSession();
    scheduler.every(100, () => link.notify('nodeDataChanged', '/a'));
    await scheduler.advanceBy(2999);
    expect(link.ops).toEqual([]);
    await scheduler.advanceBy(1);
    expect(link.ops).toEqual(['sync /']);
  });

  it('are put off by a request that the leader answers, by no other', async () => {
    const { link, scheduler, session } = await scriptedSession();
    await scheduler.advanceBy(2500);
    void session.delete('/a', 0).catch(() => {});
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    void session.get('/a').catch(() => {});
    await scheduler.advanceBy(2999);
    expect(link.ops).toEqual(['getData /a']);
    await scheduler.advanceBy(1);
    expect(link.ops).toEqual(['getData /a', 'sync /']);
  });

  it('are about the chroot', async () => {
    const { link, scheduler } = await scriptedSession({ chroot: '/a' }, (link) =>
      link.answer({ type: 'reply', reply: { op: 'exists', stat: {} as Stat } }),
    );
    await scheduler.advanceBy(3000);
    expect(link.ops).toEqual(['sync /a']);
  });

  it('that are refused cost the connection', async () => {
    const { link, scheduler, states } = await scriptedSession();
    await scheduler.advanceBy(3000);
    link.answer({ type: 'error', code: -118 });
    await scheduler.advanceBy(0);
    expect(states).toEqual(['SUSPENDED 3000']);
    expect(link.drops).toEqual([expect.stringContaining('the session has moved')]);
  });

  it('answered by an error that is not known cost the connection', async () => {
    const { link, scheduler, states } = await scriptedSession();
    await scheduler.advanceBy(3000);
    link.answer({ type: 'error', code: -9999 });
    await scheduler.advanceBy(0);
    expect(states).toEqual(['SUSPENDED 3000']);
    expect(link.drops).toHaveLength(1);
  });

  it('answered by SESSION_EXPIRED end the session', async () => {
    const { link, scheduler, states } = await scriptedSession();
    await scheduler.advanceBy(3000);
    link.answer({ type: 'error', code: -112 });
    await scheduler.advanceBy(0);
    expect(states).toEqual(['LOST 3000']);
  });

  it('keep a session that does nothing connected for as long as they are answered', async () => {
    const { link, scheduler, states } = await scriptedSession();
    scheduler.every(500, () => {
      while (link.sent.length > 0) link.answer();
    });
    await scheduler.advanceBy(100_000);
    expect(states).toEqual([]);
  });

  it('confirm from when they were sent, however late they are answered', async () => {
    const { link, scheduler, states } = await scriptedSession();
    await scheduler.advanceBy(5000);
    link.answer();
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 9000', 'LOST 12000']);
  });

  it('of an older connection confirm nothing', async () => {
    const { link, scheduler, states } = await scriptedSession();
    await scheduler.advanceBy(3000);
    const [heartbeat] = link.sent;
    link.cut('reset');
    link.connect(0);
    await settled();
    heartbeat?.done({ type: 'reply', reply: { op: 'sync', path: '/' } });
    await scheduler.advanceBy(10_000);
    expect(states).toEqual(['SUSPENDED 3000', 'CONNECTED 3000', 'SUSPENDED 6000', 'LOST 9000']);
  });
});

describe('after a stall of the event loop', () => {
  it('a call finds the session suspended before any timer has run', async () => {
    const { clock, link, scheduler, session, states } = await scriptedSession();
    clock.advanceBy(6000);
    const refused = expect(session.set('/a', null, 0)).rejects.toMatchObject({
      code: 'CONNECTION_LOSS',
      outcome: 'refused',
    });
    await scheduler.advanceBy(1);
    await refused;
    expect(link.sent).toEqual([]);
    expect(link.drops).toHaveLength(1);
    expect(states).toEqual(['SUSPENDED 6000']);
  });

  it('the state is that of now', async () => {
    const { clock, session } = await scriptedSession();
    clock.advanceBy(5999);
    expect(session.state).toBe('CONNECTED');
    clock.advanceBy(1);
    expect(session.state).toBe('SUSPENDED');
    clock.advanceBy(3000);
    expect(session.state).toBe('LOST');
  });

  it('an answer that lay there does not count', async () => {
    const { clock, link, session, states } = await scriptedSession();
    const setting = session.set('/a', null, 0);
    clock.advanceBy(9000);
    link.answer({ type: 'error', code: -103 });
    await expect(setting).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'unknown' });
    expect(states).toEqual(['LOST 9000']);
  });

  it('a watch event that lay there is not told once the session is lost', async () => {
    const { clock, link, session } = await scriptedSession();
    const told: unknown[] = [];
    const reading = session.exists('/a', { watch: (event) => told.push(event) });
    link.answer({ type: 'error', code: -101 });
    await reading;
    clock.advanceBy(9000);
    link.notify('nodeCreated', '/a');
    await settled();
    expect(told).toEqual([]);
  });

  it('a server that takes the session back too late is not believed', async () => {
    const { clock, link, scheduler, states } = await scriptedSession();
    link.cut('reset');
    await settled();
    clock.advanceBy(9000);
    link.connect(8999);
    await scheduler.advanceBy(0);
    expect(states).toEqual(['SUSPENDED 0', 'LOST 9000']);
  });
});

describe('a session that comes back', () => {
  it('is connected again, and counts from when the server was asked for it', async () => {
    const { link, scheduler, states } = await scriptedSession();
    link.cut('reset');
    await scheduler.advanceBy(5000);
    link.connect(4000);
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 0', 'CONNECTED 5000', 'SUSPENDED 10000', 'LOST 13000']);
  });

  it('is lost when the server says so, and tells nothing more', async () => {
    const { link, scheduler, session, states } = await scriptedSession();
    link.cut('reset');
    link.end('SESSION_EXPIRED', 'the server does not know it');
    link.connect(0);
    link.cut('reset');
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 0', 'LOST 0']);
    const refused = expect(session.get('/a')).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'refused' });
    const waiting = expect(session.whenConnected()).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    await scheduler.advanceBy(1);
    await refused;
    await waiting;
  });

  it('is lost when the link comes back with another one', async () => {
    const other = new ScriptedLink(8n);
    const { link, session } = await scriptedSession();
    Object.assign(link, { sessionId: other.sessionId });
    link.connect(0);
    expect(session.state).toBe('LOST');
  });

  it('is suspended in between where the link does not say that the connection was replaced', async () => {
    const { link, scheduler, session, states } = await scriptedSession();
    const setting = session.set('/a', null, 0);
    link.connect(0);
    await expect(setting).rejects.toMatchObject({ code: 'CONNECTION_LOSS', outcome: 'unknown' });
    await scheduler.advanceBy(0);
    expect(states).toEqual(['SUSPENDED 0', 'CONNECTED 0']);
  });
});
