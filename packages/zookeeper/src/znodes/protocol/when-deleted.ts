import type { Scheduler } from '@barnabas/model';
import type { ZooKeeperSession } from '../../session/session.ts';
import { ZooKeeperError } from '../../session/zookeeper-error.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * Waits until the znode that is at `path` now is gone, also where another has taken its place: true. False once
 * `waitMs` have passed. Rejects with SESSION_EXPIRED when our own session is LOST.
 */
export async function whenDeleted(
  session: ZooKeeperSession,
  path: string,
  { waitMs, scheduler }: { readonly waitMs: number; readonly scheduler: Scheduler },
): Promise<boolean> {
  const ended = Promise.withResolvers<false>();
  let isEnded = false;
  const timer = scheduler.after(waitMs, () => ended.resolve(false));
  const unsubscribe = session.onState(({ state, reason }) => {
    if (state === 'LOST') ended.reject(new ZooKeeperError('SESSION_EXPIRED', reason, { path }));
  });
  try {
    return await Promise.race([ended.promise, gone(session, path, () => isEnded)]);
  } finally {
    isEnded = true;
    timer.cancel();
    unsubscribe();
  }
}

/** Never false; `isEnded` says that nobody waits any more. */
async function gone(session: ZooKeeperSession, path: string, isEnded: () => boolean): Promise<boolean> {
  let awaitedCzxid: number | undefined;
  while (!isEnded()) {
    const changed = Promise.withResolvers<void>();
    const watch = (): void => changed.resolve();
    const stat = await untilAnswered(session, () => session.exists(path, { watch }));
    awaitedCzxid ??= stat?.czxid;
    if (stat === undefined || stat.czxid !== awaitedCzxid) break;
    await changed.promise;
  }
  return true;
}
