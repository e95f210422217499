import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Expected, GOLDEN, readJson } from './golden.ts';
import { filesOf, type Role, replay } from './replay.ts';

const LOG_DIRS = [
  'cluster/broker-1/data-a',
  'cluster/broker-1/data-b',
  'cluster/broker-2/data',
  'cluster/broker-3/data',
];

/** The cleaner had been over this one: neither its batches nor its segments are as they were appended. */
const COMPACTED = 'compacted-0';

/**
 * Replicas of which the broker was restarted while they were written, and where the log ended then. Counting towards the
 * next index entry starts anew with each opening, so that the indexes tell of it. Kafka keeps the snapshot of such a
 * stop until it loads the log again; ours goes when the log is closed the next time.
 */
const RESTARTED: Readonly<Record<string, number>> = {
  'cluster/broker-1/data-b/leader-epochs-0': 20,
  'cluster/broker-2/data/leader-epochs-0': 7,
  'cluster/broker-3/data/leader-epochs-0': 15,
};

const replicasIn = (dir: string): Expected[] =>
  readdirSync(join(GOLDEN, 'expected', dir))
    .filter((name) => name.endsWith('.json') && !name.startsWith(COMPACTED))
    .map((name) => readJson<Expected>(`expected/${dir}/${name}`));

const snapshotOf = (offset: number): string => `${String(offset).padStart(20, '0')}.snapshot`;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'barnabas-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const ROLES: readonly Role[] = ['leader', 'follower'];

describe.each(ROLES)('a log that a %s filled with the batches of', (role) => {
  // Kafka's followers may append several batches at once, and then roll and index once for all of them. Those of this
  // cluster fetched every batch by itself: their files are the same as the leader's, and so are ours in both roles.
  it.each(
    LOG_DIRS.flatMap(replicasIn).map((replica) => [replica.dir, replica] as const),
  )("%s has the very files that are there, down to the last byte: segments, indexes, snapshots, epochs, topic's id", async (golden, expected) => {
    const restartedAt = RESTARTED[golden];
    await replay(dir, expected, role, restartedAt);
    const theirs = filesOf(join(GOLDEN, golden));
    if (restartedAt !== undefined) expect(theirs.delete(snapshotOf(restartedAt))).toBe(true);
    expect(filesOf(join(dir, `${expected.topic}-${expected.partition}`))).toEqual(theirs);
  });
});
