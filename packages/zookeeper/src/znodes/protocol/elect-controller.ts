import { type BrokerId, type ControllerEpoch, controllerEpoch } from '@barnabas/model';
import { ANY_VERSION } from '../../operation/request.ts';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError, MultiError } from '../../session/zookeeper-error.ts';
import {
  CONTROLLER_EPOCH_PATH,
  decodeControllerEpoch,
  encodeControllerEpoch,
  MAX_CONTROLLER_EPOCH,
} from '../controller-epoch.ts';
import { CONTROLLER_PATH, decodeController, encodeController } from '../controller-znode.ts';
import { MalformedZnodeError } from '../malformed-znode-error.ts';
import { controllerMulti } from './controller-fence.ts';
import { ControllerMovedError } from './controller-moved-error.ts';
import { readOptional, type ZnodeContent } from './read-optional.ts';
import { untilAnswered } from './until-answered.ts';

export type Election =
  /** `epochZkVersion` is what all writes of this controller are checked against; see `controllerMulti`. */
  | { readonly type: 'won'; readonly epoch: ControllerEpoch; readonly epochZkVersion: number }
  /** `epoch` was read just before the controller: its own may be greater. */
  | { readonly type: 'lost'; readonly controller: BrokerId; readonly epoch: ControllerEpoch };

type Won = Extract<Election, { type: 'won' }>;
type Standing = { readonly epoch: ZnodeContent; readonly controller: ZnodeContent | undefined };

/**
 * Runs for controller: one transaction creates `/controller` and raises `/controller_epoch` from the version that was read
 * before. So there is one winner of each epoch, and epochs rise.
 *
 * Where the transaction was refused, or an earlier one got no answer, what is there decides. `/controller` is ours only if
 * this session owns it: an earlier life of this broker, or a double, has the same id. And the epoch is ours only if the
 * same transaction wrote it.
 *
 * Who has lost watches `/controller` and runs again at each change, also at its creation: a transaction of ours that was
 * under way on a broken connection may still be executed, and the next run then finds that it has won.
 *
 * Rejects with MalformedZnodeError where what is there cannot be read, and with ZooKeeperError.
 */
export function electController(session: ZooKeeperSession, id: BrokerId, nowMs: number): Promise<Election> {
  return untilAnswered(session, async () => {
    for (;;) {
      const won = await run(session, id, nowMs);
      if (won !== undefined) return won;
      const standing = await readStanding(session);
      const election = judge(session, standing);
      if (election !== undefined) return election;
      if (standing?.controller?.stat.ephemeralOwner === session.sessionId)
        await giveUpUnfit(session, standing.controller);
    }
  });
}

/**
 * Deletes `/controller`, unless another broker has been elected since. Rejects with ZooKeeperError where the session ends
 * first: then the znode ends with it.
 */
export function resignController(session: ZooKeeperSession, epochZkVersion: number): Promise<void> {
  return untilAnswered(session, async () => {
    try {
      await controllerMulti(session, epochZkVersion, [{ type: 'delete', path: CONTROLLER_PATH, version: ANY_VERSION }]);
    } catch (error) {
      if (!(error instanceof ControllerMovedError) && !isZooKeeperError(error, 'NO_NODE')) throw error;
    }
  });
}

/** undefined where there is a controller, or there was one since the epoch was read. */
async function run(session: ZooKeeperSession, id: BrokerId, nowMs: number): Promise<Won | undefined> {
  const { data, stat } = await readOrCreateEpoch(session);
  const epoch = controllerEpoch(decodeControllerEpoch(data) + 1);
  if (epoch > MAX_CONTROLLER_EPOCH)
    throw new MalformedZnodeError(CONTROLLER_EPOCH_PATH, 'it cannot be raised any more');
  try {
    const [, set] = await session.multi([
      { type: 'create', path: CONTROLLER_PATH, data: encodeController(id, nowMs), mode: 'ephemeral' },
      { type: 'set', path: CONTROLLER_EPOCH_PATH, data: encodeControllerEpoch(epoch), version: stat.version },
    ]);
    return set?.type === 'set' ? { type: 'won', epoch, epochZkVersion: set.stat.version } : undefined;
  } catch (error) {
    if (error instanceof MultiError && isOvertaken(error)) return undefined;
    throw error;
  }
}

function isOvertaken({ code }: MultiError): boolean {
  return code === 'NODE_EXISTS' || code === 'BAD_VERSION' || code === 'NO_NODE';
}

async function readOrCreateEpoch(session: ZooKeeperSession): Promise<ZnodeContent> {
  for (;;) {
    const found = await readOptional(session, CONTROLLER_EPOCH_PATH);
    if (found !== undefined) return found;
    try {
      await session.create(CONTROLLER_EPOCH_PATH, encodeControllerEpoch(controllerEpoch(0)));
    } catch (error) {
      if (!isZooKeeperError(error, 'NODE_EXISTS')) throw error;
    }
  }
}

/** undefined where there is no epoch, which only a hand from outside brings about. */
async function readStanding(session: ZooKeeperSession): Promise<Standing | undefined> {
  const [epoch, controller] = await Promise.all([
    readOptional(session, CONTROLLER_EPOCH_PATH),
    readOptional(session, CONTROLLER_PATH),
  ]);
  return epoch === undefined ? undefined : { epoch, controller };
}

/** undefined where nobody is controller, or we are and cannot say of which epoch. */
function judge(session: ZooKeeperSession, standing: Standing | undefined): Election | undefined {
  if (standing?.controller === undefined) return undefined;
  const { controller, epoch } = standing;
  if (controller.stat.ephemeralOwner !== session.sessionId) {
    return { type: 'lost', controller: decodeController(controller.data), epoch: decodeControllerEpoch(epoch.data) };
  }
  if (controller.stat.czxid !== epoch.stat.mzxid) return undefined;
  return { type: 'won', epoch: decodeControllerEpoch(epoch.data), epochZkVersion: epoch.stat.version };
}

/** `/controller` is ours, and no epoch with it: a hand from outside has set the epoch. Nobody acts on it; run again. */
async function giveUpUnfit(session: ZooKeeperSession, { stat }: ZnodeContent): Promise<void> {
  try {
    await session.delete(CONTROLLER_PATH, stat.version);
  } catch (error) {
    if (!isZooKeeperError(error, 'NO_NODE') && !isZooKeeperError(error, 'BAD_VERSION')) throw error;
  }
}
