import {
  ANY_VERSION,
  childPath,
  isZooKeeperError,
  type TransactionOp,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import type { FencedSession } from './fenced-session.ts';

const STEPS_PER_TRANSACTION = 200;
/** What is created below while it is being deleted makes another round necessary. */
const MAX_ROUNDS = 100;

/**
 * Deletes all that is below `path`; then the znode itself together with `others`, as far as they are there, in one
 * transaction. Rejects as FencedSession does, and with ZooKeeperError.
 */
export async function deleteTree(fenced: FencedSession, path: string, others: readonly string[]): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const below = await descendantsOf(fenced, path);
    if (below.length > 0) await fenced.untilAnswered(() => deleteAll(fenced, below.toReversed()));
    else if (await fenced.untilAnswered((session) => deleteTogether(session, fenced, [path, ...others]))) return;
  }
  throw new Error(`${path} is filled faster than it can be emptied`);
}

/** False where that has to be looked at again. */
async function deleteTogether(
  session: ZooKeeperSession,
  fenced: FencedSession,
  paths: readonly string[],
): Promise<boolean> {
  const stats = await Promise.all(paths.map((path) => session.exists(path)));
  const present = paths.filter((_, index) => stats[index] !== undefined);
  if (present.length === 0) return true;
  try {
    await fenced.write(present.map(deletion));
    return true;
  } catch (error) {
    if (isAboutTree(error)) return false;
    throw error;
  }
}

async function deleteAll(fenced: FencedSession, paths: readonly string[]): Promise<void> {
  const outcomes = await fenced.writeBatches(paths.map(deletion), STEPS_PER_TRANSACTION);
  for (const outcome of outcomes) {
    if (outcome.type !== 'done' && !isAboutTree(outcome.error)) throw outcome.error;
  }
}

/** Breadth first, so that parents come before their children. */
async function descendantsOf(fenced: FencedSession, path: string): Promise<readonly string[]> {
  const all: string[] = [];
  let level: readonly string[] = [path];
  while (level.length > 0) {
    const children = await fenced.readMany(level, childrenOf);
    level = level.flatMap((parent, index) => (children[index] ?? []).map((child) => childPath(parent, child)));
    all.push(...level);
  }
  return all;
}

async function childrenOf(session: ZooKeeperSession, path: string): Promise<readonly string[]> {
  try {
    return (await session.children(path)).children;
  } catch (error) {
    if (isZooKeeperError(error, 'NO_NODE')) return [];
    throw error;
  }
}

function deletion(path: string): TransactionOp {
  return { type: 'delete', path, version: ANY_VERSION };
}

/** What was listed is gone, or something has been put below it. */
function isAboutTree(error: unknown): boolean {
  return isZooKeeperError(error, 'NO_NODE') || isZooKeeperError(error, 'NOT_EMPTY');
}
