import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Offset, offset, type TopicPartition } from '@barnabas/model';
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, type Log, MAX_TIMESTAMP } from '@barnabas/storage';
import { fill, firstTimestamp, openOurs } from './ours.ts';
import { committedOf, type Scribe, type WrittenRecord } from './scribe.ts';

/** What is in a partition and what its log answers. */
export type Written = {
  readonly topicPartition: TopicPartition;
  /** In its files. */
  readonly records: readonly WrittenRecord[];
  /** For consumers, from the log start on: without markers, and for the second also without what is not committed. */
  readonly readable: readonly WrittenRecord[];
  readonly committed: readonly WrittenRecord[];
  readonly startOffset: Offset;
  readonly endOffset: Offset;
  /** By the names of `queriesAt`; undefined where there is no such offset. */
  readonly offsets: Readonly<Record<string, Offset | undefined>>;
};

/** A time within the records of every partition, and the queries that go by no time. */
export const queriesAt = (nowMs: number): Readonly<Record<string, number>> => ({
  earliest: EARLIEST_TIMESTAMP,
  latest: LATEST_TIMESTAMP,
  'max-timestamp': MAX_TIMESTAMP,
  time: firstTimestamp(nowMs) + 4000,
});

/** The directories of one suite: temporary, and gone with `remove`. */
export class LogDirectories {
  readonly root: string;
  readonly nowMs: number;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'barnabas-interop-'));
    this.nowMs = Date.now();
  }

  pathOf(name: string): string {
    return join(this.root, name);
  }

  /** A directory with a partition for each content, closed in order. */
  async makeClean(name: string): Promise<Written[]> {
    const { manager, clock } = await openOurs(this.pathOf(name), this.nowMs);
    try {
      const scribes = await fill(manager, clock, this.nowMs);
      return await Promise.all(scribes.map((scribe) => writtenBy(scribe, this.nowMs)));
    } finally {
      await manager.close();
    }
  }

  /** The same partitions, by a process that was killed when it had written them. */
  async makeKilled(name: string): Promise<void> {
    const script = join(import.meta.dirname, 'fill-and-die.ts');
    const child = spawn(process.execPath, [script, this.pathOf(name), String(this.nowMs)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [, signal] = await once(child, 'close');
    if (signal !== 'SIGKILL') throw new Error('the process that writes the directory was to be killed');
  }

  copy(name: string, to: string): void {
    cpSync(this.pathOf(name), this.pathOf(to), { recursive: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const writtenBy = async ({ log, records }: Scribe, nowMs: number): Promise<Written> => {
  const { topicPartition, startOffset, endOffset } = log;
  const readable = records.filter((record) => record.offset >= startOffset);
  return {
    topicPartition,
    records,
    readable: readable.filter(({ marker }) => marker === undefined),
    committed: committedOf(readable),
    startOffset,
    endOffset,
    offsets: await offsetsOf(log, nowMs),
  };
};

const offsetsOf = async (log: Log, nowMs: number): Promise<Record<string, Offset | undefined>> => {
  const offsets: Record<string, Offset | undefined> = {};
  for (const [query, timestamp] of Object.entries(queriesAt(nowMs))) {
    const found = await log.offsetForTimestamp(timestamp);
    offsets[query] = found && offset(found.offset);
  }
  return offsets;
};
