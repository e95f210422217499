import type { CallOptions, TransactionOp, TransactionResult, ZooKeeperSession } from '../../session/session.ts';
import { MultiError } from '../../session/zookeeper-error.ts';
import { CONTROLLER_EPOCH_PATH } from '../controller-epoch.ts';
import { ControllerMovedError } from './controller-moved-error.ts';

/**
 * A controller's write: all or nothing, and nothing once another broker has been elected, because the version of
 * `/controller_epoch` is checked in the same transaction (KAFKA-6082). Results and indexes of errors are those of `ops`.
 *
 * Rejects with ControllerMovedError; MultiError where one of `ops` could not be done; ZooKeeperError, of which the outcome
 * may be unknown.
 */
export async function controllerMulti(
  session: ZooKeeperSession,
  epochZkVersion: number,
  ops: readonly TransactionOp[],
  options?: CallOptions,
): Promise<readonly TransactionResult[]> {
  const check = { type: 'check', path: CONTROLLER_EPOCH_PATH, version: epochZkVersion } as const;
  try {
    const [, ...results] = await session.multi([check, ...ops], options);
    return results;
  } catch (error) {
    if (!(error instanceof MultiError)) throw error;
    if (error.index === 0) throw new ControllerMovedError({ cause: error });
    throw new MultiError(error.index - 1, error.code, error.message, error.path);
  }
}
