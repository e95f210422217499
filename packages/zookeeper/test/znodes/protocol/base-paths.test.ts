import { describe, expect, it } from 'vitest';
import {
  createAclPaths,
  createBasePaths,
  createDelegationTokenPaths,
} from '../../../src/znodes/protocol/base-paths.ts';
import { createPaths } from '../../../src/znodes/protocol/create-paths.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { goldenTxns } from '../golden-znodes.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

describe('createBasePaths', () => {
  it('creates what Kafka creates at its first start, in the same order and without data', async () => {
    const ensemble = new ZnodesEnsemble();
    await ensemble.run(createBasePaths(await ensemble.newSession()));
    expect(ensemble.created).toEqual(kafkaCreated('/consumers', '/config/ips'));
    for (const path of ensemble.created) expect(ensemble.node(path)).toMatchObject({ data: null, ephemeralOwner: 0n });
  });

  it('writes nothing where all is there', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(createBasePaths(session));
    const { length } = ensemble.zookeeper.journal;
    await ensemble.run(createBasePaths(session));
    expect(ensemble.zookeeper.journal.length).toBe(length);
  });

  it('creates what is missing, and leaves alone what is there', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(createPaths(session, ['/brokers/topics/t']));
    await ensemble.run(session.set('/brokers/topics', Buffer.from('x'), 0));
    await ensemble.run(createBasePaths(session));
    expect(ensemble.textOf('/brokers/topics')).toBe('x');
    expect(new Set(ensemble.created)).toEqual(
      new Set(['/brokers/topics/t', ...kafkaCreated('/consumers', '/config/ips')]),
    );
  });

  it('takes a few round trips, however many paths there are', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    const beganMs = ensemble.clock.steadyMs();
    await ensemble.run(createBasePaths(session));
    // Two round trips of at most 5 ms each way.
    expect(ensemble.clock.steadyMs() - beganMs).toBeLessThan(30);
  });

  it('succeeds for brokers that start at the same time', async () => {
    const ensemble = new ZnodesEnsemble();
    const sessions = [await ensemble.newSession(), await ensemble.newSession(), await ensemble.newSession()];
    await ensemble.run(Promise.all(sessions.map(createBasePaths)));
    expect(new Set(ensemble.created)).toEqual(new Set(kafkaCreated('/consumers', '/config/ips')));
  });

  it.each(LOSSES)('succeeds where the connection breaks at any request (%s)', async (loss) => {
    const requests = await withEachRequestLost(loss, async (ensemble, losing) => {
      await ensemble.run(createBasePaths(losing(await ensemble.newSession())));
      expect(new Set(ensemble.created)).toEqual(new Set(kafkaCreated('/consumers', '/config/ips')));
    });
    expect(requests).toBeGreaterThan(30);
  });

  it('rejects where the server does not let it', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(session.create('/brokers', null, { mode: 'ephemeral' }));
    await expect(ensemble.run(createBasePaths(session))).rejects.toMatchObject({ code: 'NO_CHILDREN_FOR_EPHEMERALS' });
  });

  it('rejects once the session is over', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(session.close());
    await expect(ensemble.run(createBasePaths(session))).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
  });
});

describe('createAclPaths', () => {
  it("creates what Kafka's authorizer creates, in the same order", async () => {
    const ensemble = new ZnodesEnsemble();
    await ensemble.run(createAclPaths(await ensemble.newSession()));
    expect(ensemble.created).toEqual(kafkaCreated('/kafka-acl', '/kafka-acl-extended-changes'));
  });
});

describe('createDelegationTokenPaths', () => {
  it('creates the parents of tokens and of their changes', async () => {
    const ensemble = new ZnodesEnsemble();
    await ensemble.run(createDelegationTokenPaths(await ensemble.newSession()));
    expect(ensemble.created).toEqual([
      '/delegation_token',
      '/delegation_token/token_changes',
      '/delegation_token/tokens',
    ]);
  });
});

/** What Kafka's first broker created, from `first` to `last`. */
function kafkaCreated(first: string, last: string): string[] {
  const paths = goldenTxns().flatMap(({ op, path = '' }) => (op === 'create' ? [path] : []));
  return paths.slice(paths.indexOf(first), paths.indexOf(last) + 1);
}
