import { type BrokerEpoch, brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { ZooKeeperSession } from '../../../src/session/session.ts';
import {
  type BrokerRegistration,
  decodeBrokerRegistration,
  encodeBrokerRegistration,
} from '../../../src/znodes/broker-registration.ts';
import { BrokerIdInUseError } from '../../../src/znodes/protocol/broker-id-in-use-error.ts';
import { createPaths } from '../../../src/znodes/protocol/create-paths.ts';
import { registerBroker } from '../../../src/znodes/protocol/register-broker.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { goldenTxns } from '../golden-znodes.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

const ID = brokerId(1);
const PATH = '/brokers/ids/1';
const GOLDEN = goldenTxns().find(({ ops }) => ops?.[0]?.path === PATH)?.ops ?? [];
const REGISTRATION = decodeBrokerRegistration(ID, Buffer.from(GOLDEN[1]?.data ?? ''));

describe('registerBroker', () => {
  it('writes what Kafka writes, and answers the czxid as broker epoch', async () => {
    const { ensemble, session } = await begin();
    const epoch = await ensemble.run(registerBroker(session, ID, REGISTRATION));
    const written = ensemble.writes.filter(({ txn }) => 'path' in txn && txn.path === PATH);
    expect(written).toMatchObject([
      { zxid: epoch, txn: { type: 'create', data: null, ephemeral: true } },
      { zxid: epoch, txn: { type: 'setData', version: 1 } },
    ]);
    expect(ensemble.textOf(PATH)).toBe(GOLDEN[1]?.data);
    expectRegistered(ensemble, session, epoch, REGISTRATION);
  });

  it('accepts what it has registered in this session, with the same epoch', async () => {
    const { ensemble, session } = await begin();
    const epoch = await ensemble.run(registerBroker(session, ID, REGISTRATION));
    expect(await ensemble.run(registerBroker(session, ID, REGISTRATION))).toBe(epoch);
    expect(ensemble.node(PATH)?.version).toBe(1);
  });

  it('brings up to date what it has registered in this session', async () => {
    const { ensemble, session } = await begin();
    const epoch = await ensemble.run(registerBroker(session, ID, { ...REGISTRATION, unclean: true }));
    expect(await ensemble.run(registerBroker(session, ID, REGISTRATION))).toBe(epoch);
    expectRegistered(ensemble, session, epoch, REGISTRATION);
  });

  it('replaces the znode of an own earlier session, which is still there, by one with a new epoch', async () => {
    const { ensemble, session: earlier } = await begin();
    const before = await ensemble.run(registerBroker(earlier, ID, REGISTRATION));
    const session = await ensemble.newSession();
    const ownEarlierSessions = [1n, earlier.sessionId];
    const epoch = await ensemble.run(registerBroker(session, ID, REGISTRATION, { ownEarlierSessions }));
    expect(epoch).toBeGreaterThan(before);
    expectRegistered(ensemble, session, epoch, REGISTRATION);
  });

  it('leaves alone the znode of any other session, and says who has it and how long to wait', async () => {
    const { ensemble, session: other } = await begin();
    await ensemble.run(registerBroker(other, ID, REGISTRATION));
    const { length } = ensemble.writes.filter(({ txn }) => txn.type !== 'error');
    const session = await ensemble.newSession();
    const error = await ensemble.run(
      failureOf(registerBroker(session, ID, REGISTRATION, { ownEarlierSessions: [1n] })),
    );
    expect(error).toBeInstanceOf(BrokerIdInUseError);
    expect(error).toMatchObject({
      error: 'DUPLICATE_BROKER_REGISTRATION',
      brokerId: ID,
      holderSessionId: other.sessionId,
      waitMs: session.timeoutMs + 5000,
      message:
        `broker id 1 is taken by session 0x${other.sessionId.toString(16)} (PLAINTEXT://127.0.0.1:21091); ` +
        'if that process is dead, its znode is gone within 8000 ms',
    });
    // The new session is the only thing that was added.
    expect(ensemble.writes.filter(({ txn }) => txn.type !== 'error').length).toBe(length + 1);
  });

  it('says that a znode which is not ephemeral will stay, and what is wrong with its data', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.create(PATH, null));
    await expect(ensemble.run(registerBroker(session, ID, REGISTRATION))).rejects.toMatchObject({
      holderSessionId: 0n,
      message:
        'broker id 1 is taken by session 0x0 (it has no data); ' +
        'the znode is not ephemeral and has to be deleted by hand',
    });
  });

  it.each(LOSSES)('registers once where the connection breaks at any request (%s)', async (loss) => {
    const requests = await withEachRequestLost(loss, async (ensemble, losing) => {
      const session = await sessionWithPaths(ensemble);
      const epoch = await ensemble.run(registerBroker(losing(session), ID, REGISTRATION));
      expectRegistered(ensemble, session, epoch, REGISTRATION);
      expect(ensemble.created.filter((path) => path === PATH)).toEqual([PATH]);
    });
    expect(requests).toBeGreaterThanOrEqual(1);
  });

  it.each(LOSSES)('replaces its earlier znode where the connection breaks at any request (%s)', async (loss) => {
    const requests = await withEachRequestLost(loss, async (ensemble, losing) => {
      const earlier = await sessionWithPaths(ensemble);
      await ensemble.run(registerBroker(earlier, ID, { ...REGISTRATION, unclean: true }));
      const session = await ensemble.newSession();
      const ownEarlierSessions = [earlier.sessionId];
      const epoch = await ensemble.run(registerBroker(losing(session), ID, REGISTRATION, { ownEarlierSessions }));
      expectRegistered(ensemble, session, epoch, REGISTRATION);
      expect(ensemble.created.filter((path) => path === PATH)).toEqual([PATH, PATH]);
    });
    expect(requests).toBeGreaterThanOrEqual(4);
  });

  it.each(LOSSES)('says that the id is in use where the connection breaks at any request (%s)', async (loss) => {
    await withEachRequestLost(loss, async (ensemble, losing) => {
      const other = await sessionWithPaths(ensemble);
      const epoch = await ensemble.run(registerBroker(other, ID, REGISTRATION));
      const session = losing(await ensemble.newSession());
      await expect(ensemble.run(registerBroker(session, ID, REGISTRATION))).rejects.toThrow(BrokerIdInUseError);
      expectRegistered(ensemble, other, epoch, REGISTRATION);
    });
  });

  it('waits for a broken connection, and rejects when the session is lost by then', async () => {
    const { ensemble, session, host } = await begin();
    host.hold();
    const registering = failureOf(registerBroker(session, ID, REGISTRATION));
    expect(await ensemble.run(registering)).toMatchObject({ code: 'SESSION_EXPIRED' });
    expect(ensemble.node(PATH)).toBeUndefined();
  });
});

async function begin() {
  const ensemble = new ZnodesEnsemble();
  const host = ensemble.zookeeper.newHost();
  return { ensemble, host, session: await sessionWithPaths(ensemble, host) };
}

async function sessionWithPaths(
  ensemble: ZnodesEnsemble,
  host = ensemble.zookeeper.newHost(),
): Promise<ZooKeeperSession> {
  const session = await ensemble.newSession(host);
  await ensemble.run(createPaths(session, ['/brokers/ids']));
  return session;
}

function expectRegistered(
  ensemble: ZnodesEnsemble,
  session: ZooKeeperSession,
  epoch: BrokerEpoch,
  registration: BrokerRegistration,
): void {
  const node = ensemble.node(PATH);
  expect(node).toMatchObject({ czxid: epoch, ephemeralOwner: session.sessionId });
  expect(ensemble.textOf(PATH)).toBe(Buffer.from(encodeBrokerRegistration(registration)).toString());
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => new Error(`it resolved with ${value}`),
    (error: unknown) => error,
  );
}
