import { describe, expect, it } from 'vitest';
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

  it('counts from the sending of the newest request that was answered', async () => {
    const { link, scheduler, session, states } = await scriptedSession();
    await scheduler.advanceBy(2000);
    void session.exists('/a').catch(() => {});
    await scheduler.advanceBy(3000);
    link.answer({ type: 'error', code: -101 });
    await scheduler.advanceBy(20_000);
    expect(states).toEqual(['SUSPENDED 8000', 'LOST 11000']);
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

describe('pings', () => {
  it('go out a third of the timeout after the last sending, whatever comes in', async () => {
    const { link, scheduler } = await scriptedSession();
    scheduler.every(100, () => link.notify('nodeDataChanged', '/a'));
    await scheduler.advanceBy(2999);
    expect(link.ops).toEqual([]);
    await scheduler.advanceBy(1);
    expect(link.ops).toEqual(['ping']);
  });

  it('are put off by a request', async () => {
    const { link, scheduler, session } = await scriptedSession();
    await scheduler.advanceBy(2500);
    void session.sync('/').catch(() => {});
    await scheduler.advanceBy(2999);
    expect(link.ops).toEqual(['sync /']);
    await scheduler.advanceBy(1);
    expect(link.ops).toEqual(['sync /', 'ping']);
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
    const [ping] = link.sent;
    link.cut('reset');
    link.connect(0);
    await settled();
    ping?.done({ type: 'reply', reply: { op: 'ping' } });
    await scheduler.advanceBy(10_000);
    expect(states).toEqual(['SUSPENDED 3000', 'CONNECTED 3000', 'SUSPENDED 6000', 'LOST 9000']);
  });
});

describe('after a stall of the event loop', () => {
  it('a call finds the session suspended before any timer has run', async () => {
    const { clock, link, session, states } = await scriptedSession();
    clock.advanceBy(6000);
    await expect(session.set('/a', null, 0)).rejects.toMatchObject({ code: 'CONNECTION_LOSS', outcome: 'refused' });
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
    await expect(session.get('/a')).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'refused' });
    await expect(session.whenConnected()).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
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
