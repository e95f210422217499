import type { ZooKeeperSession } from '../../session/session.ts';
import type { NotificationKind } from '../notification-kind.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * Tells those who follow `kind`. An attempt without an answer may have told them already; being told twice is of no harm.
 *
 * Rejects with ZooKeeperError.
 */
export async function writeNotification<T>(
  session: ZooKeeperSession,
  kind: NotificationKind<T>,
  notification: T,
): Promise<void> {
  const data = kind.encode(notification);
  await untilAnswered(session, () =>
    session.create(`${kind.parent}/${kind.prefix}`, data, { mode: 'persistentSequential' }),
  );
}
