import { parentPath } from '../../operation/path.ts';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * Makes sure that the znodes exist, and their parents; those that are missing are created without data, in this order. It
 * asks once which ones are missing and creates them all at once; where nothing is missing nothing is written.
 *
 * Rejects with SESSION_EXPIRED, and with what the server refuses to create.
 */
export async function createPaths(session: ZooKeeperSession, paths: readonly string[]): Promise<void> {
  const all = withParents(paths);
  await untilAnswered(session, async () => {
    const stats = await Promise.all(all.map((path) => session.exists(path)));
    const missing = all.filter((_, index) => stats[index] === undefined);
    await Promise.all(missing.map((path) => createUnlessThere(session, path)));
  });
}

/** Each path behind its parents, each once. */
function withParents(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap(lineage))];
}

function lineage(path: string): string[] {
  return path === '/' ? [] : [...lineage(parentPath(path)), path];
}

async function createUnlessThere(session: ZooKeeperSession, path: string): Promise<void> {
  try {
    await session.create(path, null);
  } catch (error) {
    // Another broker starts at the same time.
    if (!isZooKeeperError(error, 'NODE_EXISTS')) throw error;
  }
}
