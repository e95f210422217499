import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ANY_VERSION } from '../../../src/operation/request.ts';
import type { ZooKeeperSession } from '../../../src/session/session.ts';
import { decodeController } from '../../../src/znodes/controller-znode.ts';
import { MalformedZnodeError } from '../../../src/znodes/malformed-znode-error.ts';
import { type Election, electController, resignController } from '../../../src/znodes/protocol/elect-controller.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { goldenTxns } from '../golden-znodes.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

const [B1, B2] = [brokerId(1), brokerId(2)];
const NOW_MS = 1795255563177;

describe('electController', () => {
  it('writes what Kafka writes at the first election', async () => {
    const { ensemble, session } = await begin();
    expect(await ensemble.run(electController(session, B1, NOW_MS))).toEqual(won(1));
    const writes = ensemble.writes.flatMap(({ txn }) =>
      txn.type === 'create' || txn.type === 'setData'
        ? [[txn.type, txn.path, Buffer.from(txn.data ?? []).toString()]]
        : [],
    );
    expect(writes).toEqual(kafkaWritesOfElection());
    expect(ensemble.node('/controller')).toMatchObject({ ephemeralOwner: session.sessionId });
  });

  it('raises the epoch from what is there', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.create('/controller_epoch', Buffer.from('41')));
    expect(await ensemble.run(electController(session, B1, NOW_MS))).toEqual(won(42, 1));
  });

  it('is lost to the controller that there is', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(electController(session, B1, NOW_MS));
    const other = await ensemble.newSession();
    expect(await ensemble.run(electController(other, B2, NOW_MS))).toEqual(lostTo(B1, 1));
    expect(ensemble.textOf('/controller_epoch')).toBe('1');
  });

  it('is lost to a double, or an earlier life, that has the same id', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(electController(session, B1, NOW_MS));
    const double = await ensemble.newSession();
    expect(await ensemble.run(electController(double, B1, NOW_MS))).toEqual(lostTo(B1, 1));
  });

  it('is lost to a controller that is not ephemeral', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.create('/controller', Buffer.from('{"version":2,"brokerid":3000}')));
    expect(await ensemble.run(electController(session, B1, NOW_MS))).toEqual(lostTo(brokerId(3000), 0));
  });

  it('answers whoever is controller that it is, with the same epoch', async () => {
    const { ensemble, session } = await begin();
    const first = await ensemble.run(electController(session, B1, NOW_MS));
    expect(await ensemble.run(electController(session, B1, NOW_MS))).toEqual(first);
  });

  it('has one winner among any that run at the same time, of whom the others hear', async () => {
    const ensemble = new ZnodesEnsemble();
    const sessions = await sessionsOf(ensemble, 5);
    const runs = sessions.map((session, index) => electController(session, brokerId(index), NOW_MS));
    const elections = await ensemble.run(Promise.all(runs));
    const winner = elections.findIndex(({ type }) => type === 'won');
    expect(elections.filter(({ type }) => type === 'won')).toEqual([won(1)]);
    for (const election of elections) {
      if (election.type === 'lost') expect(election.controller).toBe(winner);
    }
  });

  it('gives up what it holds where the epoch is not that of its own transaction, and runs again', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(electController(session, B1, NOW_MS));
    await ensemble.run(session.set('/controller_epoch', Buffer.from('7'), ANY_VERSION));
    expect(await ensemble.run(electController(session, B1, NOW_MS))).toEqual(won(8, 3));
    expect(ensemble.created.filter((path) => path === '/controller').length).toBe(2);
  });

  it.each([
    ['/controller_epoch', 'one'],
    ['/controller_epoch', '2147483647'],
  ])('refuses %s where it is %s, and writes nothing', async (path, text) => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.create(path, Buffer.from(text)));
    await expect(ensemble.run(electController(session, B1, NOW_MS))).rejects.toThrow(MalformedZnodeError);
    expect(ensemble.node('/controller')).toBeUndefined();
    expect(ensemble.textOf(path)).toBe(text);
  });

  it('refuses a controller that cannot be read, and leaves it alone', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.create('/controller', Buffer.from('{')));
    await expect(ensemble.run(electController(session, B1, NOW_MS))).rejects.toMatchObject({ path: '/controller' });
    expect(ensemble.textOf('/controller')).toBe('{');
  });

  it.each(LOSSES)('wins once where the connection breaks at any request (%s)', async (loss) => {
    const requests = await withEachRequestLost(loss, async (ensemble, losing) => {
      const session = await ensemble.newSession();
      expect(await ensemble.run(electController(losing(session), B1, NOW_MS))).toEqual(won(1));
      expectInTree(ensemble, session, 1);
    });
    expect(requests).toBeGreaterThanOrEqual(3);
  });

  it.each(LOSSES)('is lost where the connection breaks at any request, too (%s)', async (loss) => {
    await withEachRequestLost(loss, async (ensemble, losing) => {
      const session = await ensemble.newSession();
      await ensemble.run(electController(session, B1, NOW_MS));
      const other = losing(await ensemble.newSession());
      expect(await ensemble.run(electController(other, B1, NOW_MS))).toEqual(lostTo(B1, 1));
      expectInTree(ensemble, session, 1);
    });
  });
});

describe('resignController', () => {
  it('lets the next one win', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(electController(session, B1, NOW_MS));
    await ensemble.run(resignController(session, 1));
    expect(ensemble.node('/controller')).toBeUndefined();
    expect(await ensemble.run(electController(await ensemble.newSession(), B2, NOW_MS))).toEqual(won(2));
  });

  it('leaves a later controller alone', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(electController(session, B1, NOW_MS));
    await ensemble.run(session.delete('/controller', 0));
    const other = await ensemble.newSession();
    await ensemble.run(electController(other, B2, NOW_MS));
    await ensemble.run(resignController(session, 1));
    expectInTree(ensemble, other, 2);
  });

  it.each(LOSSES)('is done where the connection breaks at any request (%s)', async (loss) => {
    await withEachRequestLost(loss, async (ensemble, losing) => {
      const session = await ensemble.newSession();
      await ensemble.run(electController(session, B1, NOW_MS));
      await ensemble.run(resignController(losing(session), 1));
      expect(ensemble.node('/controller')).toBeUndefined();
    });
  });
});

async function begin() {
  const ensemble = new ZnodesEnsemble();
  return { ensemble, session: await ensemble.newSession() };
}

async function sessionsOf(ensemble: ZnodesEnsemble, count: number): Promise<ZooKeeperSession[]> {
  const sessions: ZooKeeperSession[] = [];
  while (sessions.length < count) sessions.push(await ensemble.newSession());
  return sessions;
}

function won(epoch: number, epochZkVersion = epoch): Election {
  return { type: 'won', epoch, epochZkVersion } as Election;
}

function lostTo(controller: number, epoch: number): Election {
  return { type: 'lost', controller, epoch } as Election;
}

function expectInTree(ensemble: ZnodesEnsemble, session: ZooKeeperSession, epoch: number): void {
  const controller = ensemble.node('/controller');
  expect(controller?.ephemeralOwner).toBe(session.sessionId);
  expect(decodeController(controller?.data ?? null)).toBeDefined();
  expect(ensemble.textOf('/controller_epoch')).toBe(`${epoch}`);
}

/** Type, path and data of what the golden cluster's first controller wrote. */
function kafkaWritesOfElection(): (string | null | undefined)[][] {
  const txns = goldenTxns();
  const first = txns.findIndex(({ path }) => path === '/controller_epoch');
  return txns
    .slice(first, first + 2)
    .flatMap((txn) => txn.ops ?? [txn])
    .map(({ op, path, data }) => [op, path, data]);
}
