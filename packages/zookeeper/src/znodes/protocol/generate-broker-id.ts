import { type BrokerId, brokerId } from '@barnabas/model';
import { ANY_VERSION } from '../../operation/request.ts';
import type { ZooKeeperSession } from '../../session/session.ts';
import { BROKER_SEQUENCE_ID_DATA, BROKER_SEQUENCE_ID_PATH } from '../broker-sequence-id.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * An id above `reservedMax` (`reserved.broker.max.id`) that no other broker was given. The base paths must be there. An
 * attempt without an answer may use up an id, which is of no harm.
 *
 * Rejects with ZooKeeperError.
 */
export async function generateBrokerId(session: ZooKeeperSession, reservedMax: number): Promise<BrokerId> {
  const { version } = await untilAnswered(session, () =>
    session.set(BROKER_SEQUENCE_ID_PATH, BROKER_SEQUENCE_ID_DATA, ANY_VERSION),
  );
  return brokerId(reservedMax + version);
}
