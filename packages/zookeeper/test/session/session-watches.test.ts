import { describe, expect, it } from 'vitest';
import type { Stat } from '../../src/operation/stat.ts';
import type { DirtyEvent, Watcher } from '../../src/session/session.ts';
import { type ScriptedSession, scriptedSession, settled } from '../support/scripted-session.ts';

const STAT = {} as Stat;

describe('a watch', () => {
  it('fires once, at the first event', async () => {
    const context = await scriptedSession();
    const told: DirtyEvent[] = [];
    await watchData(context, '/a', (event) => told.push(event));
    context.link.notify('nodeDataChanged', '/a');
    context.link.notify('nodeDataChanged', '/a');
    await settled();
    expect(told).toEqual([{ path: '/a', reason: 'nodeDataChanged', generation: 1 }]);
  });

  it('is armed by the answer, not by the call', async () => {
    const { link, session } = await scriptedSession();
    const told: DirtyEvent[] = [];
    const reading = session.get('/a', { watch: (event) => told.push(event) });
    link.notify('nodeDataChanged', '/a');
    link.answer({ type: 'reply', reply: { op: 'getData', data: null, stat: STAT } });
    await reading;
    expect(told).toEqual([]);
    link.notify('nodeDataChanged', '/a');
    await settled();
    expect(told).toHaveLength(1);
  });

  it('is armed by exists on a znode that is not there, and not by a get that failed', async () => {
    const { link, session } = await scriptedSession();
    const told: string[] = [];
    const getting = session.get('/a', { watch: () => told.push('get') });
    link.answer({ type: 'error', code: -101 });
    await expect(getting).rejects.toMatchObject({ code: 'NO_NODE' });
    const existing = session.exists('/a', { watch: () => told.push('exists') });
    link.answer({ type: 'error', code: -101 });
    await existing;
    link.notify('nodeCreated', '/a');
    await settled();
    expect(told).toEqual(['exists']);
  });

  it('is not armed by a read whose caller waits no more', async () => {
    const { link, scheduler, session } = await scriptedSession();
    const told: unknown[] = [];
    const reading = expect(session.get('/a', { watch: (event) => told.push(event), deadlineMs: 10 })).rejects.toThrow();
    await scheduler.advanceBy(10);
    await reading;
    link.answer({ type: 'reply', reply: { op: 'getData', data: null, stat: STAT } });
    link.notify('nodeDataChanged', '/a');
    await settled();
    expect(told).toEqual([]);
  });

  it('of the same function is told once, of two functions twice', async () => {
    const context = await scriptedSession();
    const told: string[] = [];
    const first = () => told.push('first');
    const second = () => told.push('second');
    for (const watch of [first, first, second]) await watchData(context, '/a', watch);
    context.link.notify('nodeDeleted', '/a');
    await settled();
    expect(told).toEqual(['first', 'second']);
  });

  it('fires for what was watched: data or children, and for a deletion both', async () => {
    const context = await scriptedSession();
    const told: string[] = [];
    const watchBoth = async () => {
      await watchData(context, '/a', ({ reason }) => told.push(`data ${reason}`));
      await watchChildren(context, '/a', ({ reason }) => told.push(`children ${reason}`));
    };
    await watchBoth();
    context.link.notify('nodeChildrenChanged', '/a');
    context.link.notify('nodeDataChanged', '/a');
    await watchBoth();
    context.link.notify('nodeDeleted', '/a');
    await settled();
    expect(told).toEqual([
      'children nodeChildrenChanged',
      'data nodeDataChanged',
      'data nodeDeleted',
      'children nodeDeleted',
    ]);
  });

  it('is told after the answers that came before the event, and before those that came after it', async () => {
    const context = await scriptedSession();
    const { link, session } = context;
    const heard: string[] = [];
    await watchData(context, '/a', () => heard.push('watch'));
    const before = session.get('/a').then(() => heard.push('before'));
    const after = session.get('/a').then(() => heard.push('after'));
    link.answer({ type: 'reply', reply: { op: 'getData', data: null, stat: STAT } });
    link.notify('nodeDataChanged', '/a');
    link.answer({ type: 'reply', reply: { op: 'getData', data: null, stat: STAT } });
    await Promise.all([before, after]);
    expect(heard).toEqual(['before', 'watch', 'after']);
  });

  it('fires when the session is connected anew, after that is told and before anything else', async () => {
    const context = await scriptedSession();
    const { link, session } = context;
    const heard: string[] = [];
    session.onState(({ state }) => heard.push(state));
    await watchData(context, '/a', ({ reason }) => heard.push(`/a ${reason}`));
    await watchChildren(context, '/b', ({ reason }) => heard.push(`/b ${reason}`));
    link.cut('reset');
    const waiting = session.whenConnected().then(() => heard.push('whenConnected'));
    link.notify('nodeDataChanged', '/a');
    link.connect(0);
    await waiting;
    link.notify('nodeDataChanged', '/a');
    await settled();
    expect(heard).toEqual(['SUSPENDED', 'CONNECTED', '/a reconnected', '/b reconnected', 'whenConnected']);
  });

  it('is dropped when the session is lost', async () => {
    const context = await scriptedSession();
    const told: unknown[] = [];
    await watchData(context, '/a', (event) => told.push(event));
    context.link.notify('nodeDataChanged', '/a');
    context.link.end('SESSION_EXPIRED', 'over');
    context.link.notify('nodeDataChanged', '/a');
    context.link.connect(0);
    await settled();
    expect(told).toEqual([]);
  });

  it('or a listener that throws breaks nothing and is reported', async () => {
    const context = await scriptedSession();
    const { link, session, states, uncaught } = context;
    const told: string[] = [];
    const failure = new Error('of the test');
    session.onState(() => {
      throw failure;
    });
    session.onState(({ state }) => told.push(state));
    await watchData(context, '/a', () => {
      throw failure;
    });
    await watchData(context, '/a', () => told.push('second watcher'));
    link.notify('nodeDataChanged', '/a');
    link.cut('reset');
    await settled();
    expect(told).toEqual(['second watcher', 'SUSPENDED']);
    expect(states).toEqual(['SUSPENDED 0']);
    expect(uncaught).toEqual([failure, failure]);
  });
});

describe('a state listener', () => {
  it('hears nothing once it is taken away', async () => {
    const { link, session } = await scriptedSession();
    const told: unknown[] = [];
    const stop = session.onState((event) => told.push(event));
    link.cut('reset');
    stop();
    await settled();
    expect(told).toEqual([]);
  });

  it('is told why, and by which session', async () => {
    const { link, session } = await scriptedSession();
    const told: unknown[] = [];
    session.onState((event) => told.push(event));
    link.cut('read ECONNRESET');
    await settled();
    expect(told).toEqual([{ state: 'SUSPENDED', reason: 'read ECONNRESET', generation: 1 }]);
  });
});

async function watchData({ link, session }: ScriptedSession, path: string, watch: Watcher): Promise<void> {
  const reading = session.get(path, { watch });
  link.answer({ type: 'reply', reply: { op: 'getData', data: null, stat: STAT } });
  await reading;
}

async function watchChildren({ link, session }: ScriptedSession, path: string, watch: Watcher): Promise<void> {
  const reading = session.children(path, { watch });
  link.answer({ type: 'reply', reply: { op: 'getChildren2', children: [], stat: STAT } });
  await reading;
}
