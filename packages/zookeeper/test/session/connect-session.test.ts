import { describe, expect, it } from 'vitest';
import { connectSession } from '../../src/session/connect-session.ts';
import { SimulatedEnsemble } from '../support/simulated-ensemble.ts';

const DATA = Buffer.from('data');

describe('connectSession', () => {
  it('makes the chroot and what is missing above it, and keeps to it', async () => {
    const ensemble = new SimulatedEnsemble();
    const { session } = await connect(ensemble, { chroot: '/clusters/a' });
    const told: string[] = [];
    await ensemble.run(session.exists('/b', { watch: ({ path }) => told.push(path) }));
    expect(await ensemble.run(session.create('/b', DATA))).toBe('/b');
    expect(await ensemble.run(session.create('/b/c-', DATA, { mode: 'ephemeralSequential' }))).toBe('/b/c-0000000000');
    expect((await ensemble.run(session.children('/'))).children).toEqual(['b']);
    expect(ensemble.paths()).toEqual(expect.arrayContaining(['/clusters', '/clusters/a', '/clusters/a/b']));
    expect(told).toEqual(['/b']);
  });

  it('does not mind a chroot that others make or have made', async () => {
    const ensemble = new SimulatedEnsemble();
    const options = () => ({ ...ensemble.optionsOf(ensemble.zookeeper.newHost()), chroot: '/clusters/a' });
    const sessions = await ensemble.run(Promise.all([1, 2, 3].map(() => connectSession(options(), 1))));
    expect(sessions.map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED', 'CONNECTED']);
    expect((await connect(ensemble, { chroot: '/clusters/a' })).session.state).toBe('CONNECTED');
  });

  it('goes on with the chroot after the connection was cut in the middle of it', async () => {
    const ensemble = new SimulatedEnsemble();
    const host = ensemble.zookeeper.newHost();
    for (const delayMs of [12, 40, 70]) ensemble.scheduler.after(delayMs, () => host.cut(['toClient']));
    const session = await ensemble.run(connectSession({ ...ensemble.optionsOf(host), chroot: '/a/b/c/d/e' }, 1));
    expect(session.state).toBe('CONNECTED');
    expect(ensemble.paths()).toContain('/a/b/c/d/e');
  });

  it.each(['', 'a', '/a/', '/a//b', '/a/..'])('refuses %j as a chroot before it makes a link', async (chroot) => {
    const ensemble = new SimulatedEnsemble();
    const host = ensemble.zookeeper.newHost();
    const links = () => {
      throw new Error('a link was made');
    };
    const connecting = connectSession({ ...ensemble.optionsOf(host), chroot, links }, 1);
    await expect(connecting).rejects.toMatchObject({ code: 'BAD_ARGUMENTS', outcome: 'refused' });
  });

  it.each(
    [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].flatMap((ms) => [
      { timeoutMs: ms },
      { connectDeadlineMs: ms },
    ]),
  )('refuses %j before it makes a link', async (timeouts) => {
    const ensemble = new SimulatedEnsemble();
    const host = ensemble.zookeeper.newHost();
    const links = () => {
      throw new Error('a link was made');
    };
    const connecting = connectSession({ ...ensemble.optionsOf(host), ...timeouts, links }, 1);
    await expect(connecting).rejects.toMatchObject({ code: 'BAD_ARGUMENTS', outcome: 'refused' });
    expect(ensemble.scheduler.pendingTimers).toBe(1);
  });

  it('gives up at the deadline, names the ensemble and leaves nothing behind', async () => {
    const ensemble = new SimulatedEnsemble();
    ensemble.zookeeper.kill();
    const host = ensemble.zookeeper.newHost();
    const connecting = ensemble.run(connectSession(ensemble.optionsOf(host), 1));
    await expect(connecting).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      message: expect.stringContaining('zk1:2181,zk2:2181 within 2000 ms'),
    });
    expect(ensemble.clock.steadyMs()).toBe(2000);
    ensemble.zookeeper.restart();
    await ensemble.scheduler.advanceBy(5000);
    expect(ensemble.zookeeper.journal).toEqual([]);
  });

  it('ends a session whose chroot could not be made in time', async () => {
    const ensemble = new SimulatedEnsemble();
    const host = ensemble.zookeeper.newHost();
    ensemble.scheduler.after(20, () => ensemble.zookeeper.process.pause());
    const connecting = ensemble.run(connectSession({ ...ensemble.optionsOf(host), chroot: '/a/b/c/d/e/f/g' }, 1));
    await expect(connecting).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      message: expect.stringContaining('a server gave a session, but the chroot /a/b/c/d/e/f/g could not be made'),
    });
    expect(ensemble.clock.steadyMs()).toBe(2000);
    ensemble.zookeeper.process.resume();
    await ensemble.scheduler.advanceBy(500);
    expect(ensemble.zookeeper.journal.at(-1)?.txn.type).toBe('closeSession');
  });

  it('rejects with what the server has against the chroot', async () => {
    const ensemble = new SimulatedEnsemble();
    const { session } = await connect(ensemble);
    await ensemble.run(session.create('/a', DATA, { mode: 'ephemeral' }));
    const connecting = connect(ensemble, { chroot: '/a/b' });
    await expect(connecting).rejects.toMatchObject({ code: 'NO_CHILDREN_FOR_EPHEMERALS', path: '/a/b' });
  });

  it('can be called off', async () => {
    const ensemble = new SimulatedEnsemble();
    const controller = new AbortController();
    const host = ensemble.zookeeper.newHost();
    ensemble.scheduler.after(2, () => controller.abort());
    const connecting = ensemble.run(connectSession(ensemble.optionsOf(host), 1, controller.signal));
    await expect(connecting).rejects.toMatchObject({ code: 'CONNECTION_LOSS' });
    expect(ensemble.clock.steadyMs()).toBeLessThan(10);
  });
});

async function connect(ensemble: SimulatedEnsemble, options: { chroot?: string } = {}) {
  const host = ensemble.zookeeper.newHost();
  const session = await ensemble.run(connectSession({ ...ensemble.optionsOf(host), ...options }, 1));
  return { host, session };
}
