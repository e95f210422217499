import {
  ANY_VERSION,
  childPath,
  isZooKeeperError,
  MalformedZnodeError,
  type NotificationKind,
  readOptional,
  type Watcher,
} from '@barnabas/zookeeper';
import type { Logger } from '../logger.ts';
import type { FencedSession } from './fenced-session.ts';

/** The notifications that there are, and a way to delete them once they have been acted on. */
export type Notifications<T> = { readonly contents: readonly T[]; done(): Promise<void> };

/** Reads all notifications of a kind; `dirty` is called once there may be more. What cannot be read is passed over. */
export async function takeNotifications<T>(
  fenced: FencedSession,
  kind: NotificationKind<T>,
  logger: Logger,
  dirty?: Watcher,
): Promise<Notifications<T>> {
  const options = dirty === undefined ? {} : { watch: dirty };
  const { children } = await fenced.untilAnswered((session) => session.children(kind.parent, options));
  const paths = children.toSorted().map((name) => childPath(kind.parent, name));
  const found = await fenced.readMany(paths, (session, path) => readOptional(session, path));
  const contents = paths.flatMap((path, index) => {
    try {
      return found[index] === undefined ? [] : [kind.decode(path, found[index].data)];
    } catch (error) {
      if (!(error instanceof MalformedZnodeError)) throw error;
      logger.warn({ path, err: error }, 'a notification cannot be read');
      return [];
    }
  });
  return { contents, done: () => fenced.untilAnswered(() => deleteAll(fenced, paths)) };
}

async function deleteAll(fenced: FencedSession, paths: readonly string[]): Promise<void> {
  const deletions = paths.map((path) => ({ type: 'delete', path, version: ANY_VERSION }) as const);
  // One for each: what is gone already keeps none of the others.
  const outcomes = await fenced.writeBatches(deletions, 1);
  for (const outcome of outcomes) {
    if (outcome.type !== 'done' && !isZooKeeperError(outcome.error, 'NO_NODE')) throw outcome.error;
  }
}
