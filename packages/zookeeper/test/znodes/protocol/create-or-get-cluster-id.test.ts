import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { MalformedZnodeError } from '../../../src/znodes/malformed-znode-error.ts';
import { createOrGetClusterId } from '../../../src/znodes/protocol/create-or-get-cluster-id.ts';
import { createPaths } from '../../../src/znodes/protocol/create-paths.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

describe('createOrGetClusterId', () => {
  it('makes an id for the first broker, which the others get', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    const id = await ensemble.run(createOrGetClusterId(session, seededRandom(1)));
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(ensemble.textOf('/cluster/id')).toBe(`{"version":"1","id":"${id}"}`);
    expect(await ensemble.run(createOrGetClusterId(await ensemble.newSession(), seededRandom(2)))).toBe(id);
  });

  it('answers the same to brokers that come at the same time', async () => {
    const ensemble = new ZnodesEnsemble();
    const sessions = [await ensemble.newSession(), await ensemble.newSession(), await ensemble.newSession()];
    const all = sessions.map((session, seed) => createOrGetClusterId(session, seededRandom(seed)));
    expect(new Set(await ensemble.run(Promise.all(all))).size).toBe(1);
  });

  it('refuses one that cannot be read, and leaves it alone', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(createPaths(session, ['/cluster/id']));
    await expect(ensemble.run(createOrGetClusterId(session, seededRandom(1)))).rejects.toThrow(MalformedZnodeError);
    expect(ensemble.node('/cluster/id')?.data).toBeNull();
  });

  it.each(LOSSES)('answers what is in the tree where the connection breaks at any request (%s)', async (loss) => {
    const requests = await withEachRequestLost(loss, async (ensemble, losing, lost) => {
      const session = losing(await ensemble.newSession());
      const id = await ensemble.run(createOrGetClusterId(session, seededRandom(lost)));
      expect(ensemble.textOf('/cluster/id')).toContain(id);
    });
    expect(requests).toBeGreaterThanOrEqual(4);
  });
});
