import type { SimulatedHost } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import type { ZooKeeperSession } from '../../../src/session/session.ts';
import { whenDeleted } from '../../../src/znodes/protocol/when-deleted.ts';
import { LOSSES, unansweringSession } from '../../support/unanswering-session.ts';
import { ZnodesEnsemble } from './znodes-ensemble.ts';

const PATH = '/held';

describe('whenDeleted', () => {
  it('is true at once where there is nothing', async () => {
    const { ensemble, session, host } = await begin();
    expect(await ensemble.run(wait(session, host, 1000))).toBe(true);
  });

  it('is true when the session that holds the znode expires', async () => {
    const { ensemble, session, host } = await begin();
    const holderHost = ensemble.zookeeper.newHost();
    const holder = await ensemble.newSession(holderHost);
    await ensemble.run(holder.create(PATH, null, { mode: 'ephemeral' }));
    holderHost.hold();
    const beganMs = ensemble.clock.steadyMs();
    expect(await ensemble.run(wait(session, host, holder.timeoutMs + 5000))).toBe(true);
    expect(ensemble.clock.steadyMs() - beganMs).toBeGreaterThan(2000);
  });

  it('is true when another znode has taken its place', async () => {
    const { ensemble, session, host } = await begin();
    await ensemble.run(session.create(PATH, null));
    const waiting = wait(session, host, 60_000);
    await ensemble.scheduler.advanceBy(100);
    await ensemble.run(
      session.multi([
        { type: 'delete', path: PATH, version: 0 },
        { type: 'create', path: PATH, data: null },
      ]),
    );
    expect(await ensemble.run(waiting)).toBe(true);
  });

  it('goes on waiting when the data changes, and when it is connected anew', async () => {
    const { ensemble, session, host } = await begin();
    await ensemble.run(session.create(PATH, null));
    const waiting = wait(session, host, 20_000);
    let isDone = false;
    void waiting.then(() => {
      isDone = true;
    });
    await ensemble.run(session.set(PATH, Buffer.from('x'), 0));
    await ensemble.scheduler.advanceBy(1000);
    host.cut();
    await ensemble.scheduler.advanceBy(2000);
    expect(isDone).toBe(false);
    await ensemble.run(session.delete(PATH, 1));
    expect(await ensemble.run(waiting)).toBe(true);
  });

  it('is true where it went while there was no connection', async () => {
    const { ensemble, session, host } = await begin();
    const other = await ensemble.newSession();
    await ensemble.run(session.create(PATH, null));
    const waiting = wait(session, host, 20_000);
    await ensemble.scheduler.advanceBy(100);
    host.cut();
    await ensemble.run(other.delete(PATH, 0));
    expect(await ensemble.run(waiting)).toBe(true);
  });

  it('is false once the time has passed', async () => {
    const { ensemble, session, host } = await begin();
    await ensemble.run(session.create(PATH, null));
    const beganMs = ensemble.clock.steadyMs();
    expect(await ensemble.run(wait(session, host, 3000))).toBe(false);
    expect(Math.abs(ensemble.clock.steadyMs() - beganMs - 3000)).toBeLessThan(10);
  });

  it('rejects when its own session is lost', async () => {
    const { ensemble, session, host } = await begin();
    await ensemble.run(session.create(PATH, null));
    const waiting = wait(session, host, 600_000);
    waiting.catch(() => {});
    await ensemble.scheduler.advanceBy(100);
    host.hold();
    await expect(ensemble.run(waiting)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
  });

  it.each(LOSSES)('is true where the first question gets no answer (%s)', async (loss) => {
    const { ensemble, session, host } = await begin();
    const losing = unansweringSession(session, (request) => (request === 1 ? loss : undefined)).session;
    await ensemble.run(session.create(PATH, null));
    const waiting = wait(losing, host, 20_000);
    await ensemble.scheduler.advanceBy(100);
    await ensemble.run(session.delete(PATH, 0));
    expect(await ensemble.run(waiting)).toBe(true);
  });
});

async function begin() {
  const ensemble = new ZnodesEnsemble();
  const host = ensemble.zookeeper.newHost();
  return { ensemble, host, session: await ensemble.newSession(host) };
}

function wait(session: ZooKeeperSession, host: SimulatedHost, waitMs: number): Promise<boolean> {
  return whenDeleted(session, PATH, { waitMs, scheduler: host.process });
}
