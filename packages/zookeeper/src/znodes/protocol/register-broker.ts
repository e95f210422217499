import { type BrokerEpoch, type BrokerId, brokerEpoch } from '@barnabas/model';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';
import {
  type BrokerRegistration,
  brokerPath,
  decodeBrokerRegistration,
  encodeBrokerRegistration,
} from '../broker-registration.ts';
import { formatEndpoint } from '../endpoint.ts';
import { MalformedZnodeError } from '../malformed-znode-error.ts';
import { BrokerIdInUseError } from './broker-id-in-use-error.ts';
import { readOptional, type ZnodeContent } from './read-optional.ts';
import { untilAnswered } from './until-answered.ts';

/** What the server may take beyond the session timeout to expire a session: it does so in steps of its tick. */
const EXPIRY_MARGIN_MS = 5000;

/**
 * Registers the broker and answers its broker epoch, the czxid of its znode.
 *
 * A znode of this session is ours: an earlier attempt made it, of which no answer came. One of `ownEarlierSessions`, the
 * sessions that this process had before, is deleted and made anew, so that its expiry is not waited for
 * (ZOOKEEPER-2985, KAFKA-7165). Any other is left alone. Name only sessions that are LOST: where one is still in use, its znode
 * would be taken from under it.
 *
 * Rejects with BrokerIdInUseError where another session holds the id, and with ZooKeeperError.
 */
export function registerBroker(
  session: ZooKeeperSession,
  id: BrokerId,
  registration: BrokerRegistration,
  { ownEarlierSessions = [] }: { readonly ownEarlierSessions?: readonly bigint[] } = {},
): Promise<BrokerEpoch> {
  const data = encodeBrokerRegistration(registration);
  return untilAnswered(session, async () => {
    for (;;) {
      const created = await create(session, id, data);
      if (created !== undefined) return created;
      const held = await readOptional(session, brokerPath(id));
      if (held === undefined) continue;
      if (held.stat.ephemeralOwner === session.sessionId) {
        if (await bringUpToDate(session, id, held, data)) return brokerEpoch(held.stat.czxid);
      } else if (ownEarlierSessions.includes(held.stat.ephemeralOwner)) {
        await removeEarlier(session, id, held);
      } else {
        throw inUse(session, id, held);
      }
    }
  });
}

/** undefined where there is one. Two steps, as Kafka does it: an empty znode, and its first data with version 0. */
async function create(session: ZooKeeperSession, id: BrokerId, data: Uint8Array): Promise<BrokerEpoch | undefined> {
  const path = brokerPath(id);
  try {
    const [, set] = await session.multi([
      { type: 'create', path, data: null, mode: 'ephemeral' },
      { type: 'set', path, data, version: 0 },
    ]);
    // A server that answers something else is none; the znode is looked at then.
    return set?.type === 'set' ? brokerEpoch(set.stat.czxid) : undefined;
  } catch (error) {
    if (isZooKeeperError(error, 'NODE_EXISTS')) return undefined;
    throw error;
  }
}

/** The znode is ours, its data may be of an earlier registration in this session. False where it has changed meanwhile. */
async function bringUpToDate(
  session: ZooKeeperSession,
  id: BrokerId,
  held: ZnodeContent,
  data: Uint8Array,
): Promise<boolean> {
  if (held.data !== null && Buffer.compare(held.data, data) === 0) return true;
  return unlessChanged(() => session.set(brokerPath(id), data, held.stat.version));
}

async function removeEarlier(session: ZooKeeperSession, id: BrokerId, { stat }: ZnodeContent): Promise<void> {
  await unlessChanged(() => session.delete(brokerPath(id), stat.version));
}

async function unlessChanged(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (isZooKeeperError(error, 'NO_NODE') || isZooKeeperError(error, 'BAD_VERSION')) return false;
    throw error;
  }
}

function inUse(session: ZooKeeperSession, id: BrokerId, held: ZnodeContent): BrokerIdInUseError {
  return new BrokerIdInUseError(
    id,
    held.stat.ephemeralOwner,
    describeHolder(id, held.data),
    session.timeoutMs + EXPIRY_MARGIN_MS,
  );
}

function describeHolder(id: BrokerId, data: Uint8Array | null): string {
  try {
    return decodeBrokerRegistration(id, data).endpoints.map(formatEndpoint).join(', ');
  } catch (error) {
    if (error instanceof MalformedZnodeError) return error.reason;
    throw error;
  }
}
