import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/operation/reply.ts';
import type { Stat } from '../../src/operation/stat.ts';
import type { Answer } from '../../src/session/session-link.ts';
import { scriptedSession, settled } from '../support/scripted-session.ts';

const STAT = { version: 3 } as Stat;
const DATA = Buffer.from('data');

describe('requests', () => {
  it('come to what the server answers', async () => {
    const { link, session } = await scriptedSession();
    const calls = Promise.all([
      session.get('/a'),
      session.exists('/a'),
      session.children('/a'),
      session.set('/a', DATA, 2),
      session.create('/a/b-', null, { mode: 'ephemeralSequential' }),
      session.delete('/a', 0),
      session.getAcl('/a'),
      session.setAcl('/a', [], 0),
      session.sync('/a'),
    ]);
    const replies: Reply[] = [
      { op: 'getData', data: DATA, stat: STAT },
      { op: 'exists', stat: STAT },
      { op: 'getChildren2', children: ['b'], stat: STAT },
      { op: 'setData', stat: STAT },
      { op: 'create', path: '/a/b-0000000001' },
      { op: 'delete' },
      { op: 'getACL', acl: [], stat: STAT },
      { op: 'setACL', stat: STAT },
      { op: 'sync', path: '/a' },
    ];
    for (const reply of replies) link.answer({ type: 'reply', reply });
    expect(await calls).toEqual([
      { data: new Uint8Array(DATA), stat: STAT },
      STAT,
      { children: ['b'], stat: STAT },
      STAT,
      '/a/b-0000000001',
      undefined,
      { acl: [], stat: STAT },
      STAT,
      undefined,
    ]);
  });

  it('send version 0 as version 0', async () => {
    const { link, session } = await scriptedSession();
    void session.set('/a', DATA, 0).catch(() => {});
    void session.delete('/a', 0).catch(() => {});
    const steps = [
      { type: 'check', path: '/a', version: 0 },
      { type: 'set', path: '/a', data: DATA, version: 0 },
      { type: 'delete', path: '/a', version: 0 },
    ] as const;
    void session.multi(steps).catch(() => {});
    expect(link.sent.map(({ request }) => request)).toEqual([
      { op: 'setData', path: '/a', data: DATA, version: 0 },
      { op: 'delete', path: '/a', version: 0 },
      {
        op: 'multi',
        ops: [
          { op: 'check', path: '/a', version: 0 },
          { op: 'setData', path: '/a', data: DATA, version: 0 },
          { op: 'delete', path: '/a', version: 0 },
        ],
      },
    ]);
  });

  it('say that a znode does not exist without an error', async () => {
    const { link, session } = await scriptedSession();
    const existing = session.exists('/a');
    link.answer({ type: 'error', code: -101 });
    expect(await existing).toBeUndefined();
  });

  it.each<[string, Answer, string, string]>([
    ['the server refuses', { type: 'error', code: -103 }, 'BAD_VERSION', 'refused'],
    ['the server knows no more what it did with', { type: 'error', code: -1 }, 'SYSTEM_ERROR', 'unknown'],
    ['the server answers with a number that is in no table', { type: 'error', code: -999 }, 'UNKNOWN_CODE', 'unknown'],
    [
      'the server answers with a reply to something else',
      { type: 'reply', reply: { op: 'sync', path: '/' } },
      'MARSHALLING_ERROR',
      'unknown',
    ],
    ['the connection leaves unanswered', { type: 'unanswered' }, 'CONNECTION_LOSS', 'unknown'],
  ])('that %s reject and say what became of them', async (_, answer, code, outcome) => {
    const { link, session } = await scriptedSession();
    const setting = session.set('/a', DATA, 0);
    link.answer(answer);
    await expect(setting).rejects.toMatchObject({ code, outcome, path: '/a' });
  });

  it('that only read have changed nothing, whatever became of them', async () => {
    const { link, session } = await scriptedSession();
    const reading = session.get('/a');
    link.cut('reset');
    await expect(reading).rejects.toMatchObject({ code: 'CONNECTION_LOSS', outcome: 'refused' });
  });

  it('for a path that is none reject and are not sent', async () => {
    const { link, session } = await scriptedSession();
    for (const path of ['', 'a', '/a/', '/a//b', '/./a', '/a\0b']) {
      await expect(session.get(path)).rejects.toMatchObject({ code: 'BAD_ARGUMENTS', outcome: 'refused' });
    }
    await expect(session.multi([{ type: 'delete', path: 'a', version: 0 }])).rejects.toMatchObject({
      code: 'BAD_ARGUMENTS',
    });
    expect(link.sent).toEqual([]);
  });

  it('for a version that is none reject and are not sent', async () => {
    const { link, session } = await scriptedSession();
    for (const version of [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN]) {
      const refusal = { code: 'BAD_ARGUMENTS', outcome: 'refused', path: '/a' };
      await expect(session.set('/a', null, version)).rejects.toMatchObject(refusal);
      await expect(session.delete('/a', version)).rejects.toMatchObject(refusal);
      await expect(session.setAcl('/a', [], version)).rejects.toMatchObject(refusal);
      await expect(session.multi([{ type: 'check', path: '/a', version }])).rejects.toMatchObject(refusal);
    }
    expect(link.sent).toEqual([]);
  });

  it('that are larger than a packet may be reject and are not sent', async () => {
    const { link, scheduler, session } = await scriptedSession();
    const setting = expect(session.set('/a', new Uint8Array(0xfffff), 0)).rejects.toMatchObject({
      code: 'BAD_ARGUMENTS',
      outcome: 'refused',
      path: '/a',
    });
    await scheduler.advanceBy(1);
    await setting;
    expect(link.sent).toEqual([]);
    expect(session.state).toBe('CONNECTED');
  });

  it('answered by SESSION_EXPIRED end the session', async () => {
    const { link, session, states } = await scriptedSession();
    const first = session.set('/a', DATA, 0);
    const second = session.set('/b', DATA, 0);
    link.answer({ type: 'error', code: -112 });
    await expect(first).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'refused' });
    await expect(second).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'unknown' });
    expect(states).toEqual(['LOST 0']);
  });
});

describe('the bound in flight', () => {
  it('lets the rest wait in the order of the calls', async () => {
    const { link, session } = await scriptedSession({ limits: { maxInFlight: 2 } });
    for (const path of ['/a', '/b', '/c', '/d']) void session.delete(path, 0).catch(() => {});
    expect(link.ops).toEqual(['delete /a', 'delete /b']);
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    expect(link.ops).toEqual(['delete /b', 'delete /c']);
    link.answer({ type: 'error', code: -101 });
    expect(link.ops).toEqual(['delete /c', 'delete /d']);
  });

  it('leaves heartbeats out of the count', async () => {
    const { link, scheduler, session } = await scriptedSession({ limits: { maxInFlight: 1 } });
    void session.sync('/').catch(() => {});
    await scheduler.advanceBy(3000);
    expect(link.ops).toEqual(['sync /', 'sync /']);
  });

  it('refuses what would wait behind too many', async () => {
    const { link, scheduler, session } = await scriptedSession({ limits: { maxInFlight: 1, maxQueued: 1 } });
    const calls = ['/a', '/b', '/c'].map((path) => session.delete(path, 0));
    const refused = expect(calls[2]).rejects.toMatchObject({ code: 'THROTTLED_OP', outcome: 'refused' });
    await scheduler.advanceBy(1);
    await refused;
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    await Promise.all(calls.slice(0, 2));
  });

  it('refuses what waited when the session is suspended, and sends none of it later', async () => {
    const { link, scheduler, session } = await scriptedSession({ limits: { maxInFlight: 1 } });
    const sent = session.set('/a', DATA, 0);
    const waiting = session.set('/b', DATA, 0);
    link.cut('reset');
    await expect(sent).rejects.toMatchObject({ code: 'CONNECTION_LOSS', outcome: 'unknown' });
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_LOSS', outcome: 'refused' });
    link.connect(0);
    await scheduler.advanceBy(2999);
    expect(link.ops).toEqual([]);
  });

  it('serves many thousands in order', async () => {
    const { link, session } = await scriptedSession({ limits: { maxInFlight: 10 } });
    const paths = Array.from({ length: 5000 }, (_, index) => `/${index}`);
    const calls = paths.map((path) => session.delete(path, 0));
    for (const path of paths) {
      expect(link.answer({ type: 'reply', reply: { op: 'delete' } })).toMatchObject({ path });
    }
    await Promise.all(calls);
  });
});

describe('deadlines', () => {
  it('leave a request that was sent its place until the answer comes', async () => {
    const { link, scheduler, session } = await scriptedSession({ limits: { maxInFlight: 1 } });
    const slow = session.set('/a', DATA, 0, { deadlineMs: 50 });
    const waiting = session.delete('/b', 0);
    const rejection = expect(slow).rejects.toMatchObject({ code: 'OPERATION_TIMEOUT', outcome: 'unknown' });
    await scheduler.advanceBy(50);
    await rejection;
    expect(link.ops).toEqual(['setData /a']);
    link.answer({ type: 'reply', reply: { op: 'setData', stat: STAT } });
    expect(link.ops).toEqual(['delete /b']);
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    await waiting;
  });

  it('take a request that was not sent out of the queue', async () => {
    const { link, scheduler, session } = await scriptedSession({ limits: { maxInFlight: 1 } });
    void session.delete('/a', 0).catch(() => {});
    const waiting = expect(session.set('/b', DATA, 0, { deadlineMs: 50 })).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      outcome: 'refused',
    });
    void session.delete('/c', 0).catch(() => {});
    await scheduler.advanceBy(50);
    await waiting;
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    expect(link.ops).toEqual(['delete /c']);
  });

  it('pass one after the other, none much too late', async () => {
    const { clock, scheduler, session } = await scriptedSession({ limits: { maxInFlight: 3 } });
    const lateMs: number[] = [];
    for (let deadlineMs = 1; deadlineMs <= 1000; deadlineMs++) {
      void session.delete('/a', 0, { deadlineMs }).catch(() => lateMs.push(clock.steadyMs() - deadlineMs));
    }
    await scheduler.advanceBy(1010);
    expect(lateMs).toHaveLength(1000);
    expect(Math.min(...lateMs)).toBe(0);
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(10);
  });

  it('are those of the options where the call names none', async () => {
    const { scheduler, session } = await scriptedSession({ limits: { callDeadlineMs: 100 } });
    const reading = expect(session.get('/a')).rejects.toMatchObject({ code: 'OPERATION_TIMEOUT', outcome: 'refused' });
    await scheduler.advanceBy(100);
    await reading;
  });
});

describe('whenConnected', () => {
  it('resolves when the session is connected again', async () => {
    const { link, session } = await scriptedSession();
    link.cut('reset');
    let isConnected = false;
    const waiting = session.whenConnected().then(() => {
      isConnected = true;
    });
    await settled();
    expect(isConnected).toBe(false);
    link.connect(0);
    await waiting;
    await session.whenConnected();
  });

  it('gives up at the deadline', async () => {
    const { link, scheduler, session } = await scriptedSession();
    link.cut('reset');
    const waiting = expect(session.whenConnected({ deadlineMs: 50 })).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
    });
    await scheduler.advanceBy(50);
    await waiting;
  });
});

describe('close', () => {
  it('ends the session on the server, and all that is under way', async () => {
    const { link, session, scheduler, states } = await scriptedSession();
    const setting = session.set('/a', DATA, 0);
    const closing = session.close();
    await expect(setting).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'unknown' });
    await closing;
    await session.close();
    expect(link.closedPolitely).toBe(true);
    expect(states).toEqual(['LOST 0']);
    expect(scheduler.pendingTimers).toBe(0);
    const refused = expect(session.get('/a')).rejects.toMatchObject({ code: 'SESSION_EXPIRED', outcome: 'refused' });
    await scheduler.advanceBy(1);
    await refused;
  });
});
