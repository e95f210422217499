/**
 * `leader-epoch-checkpoint` of a partition: where each leader epoch that the log has data of begins, as
 * `epoch startOffset`, both rising. A file of 0 bytes is one without entries: a replica that has not seen an epoch yet.
 */
import { leaderEpoch, offset } from '@barnabas/model';
import type { EpochEntry } from '../epoch/leader-epoch-cache.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { replaceFile } from './atomic-write.ts';
import {
  FIRST_ENTRY_LINE,
  formatCheckpoint,
  parseCheckpoint,
  parseCheckpointEntry,
  parseCheckpointNumber,
} from './checkpoint-file.ts';
import { readOptional } from './read-optional.ts';

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint';

const FIELDS = ['epoch', 'startOffset'];
const MAX_EPOCH = 2147483647;

/** Empty if the file is missing. Rejects with MalformedFileError, or with the system's error. */
export async function readLeaderEpochCheckpoint(fs: FileSystem, path: string): Promise<EpochEntry[]> {
  const bytes = await readOptional(fs, path);
  return bytes === undefined ? [] : parseLeaderEpochCheckpoint(bytes.toString(), path);
}

/** Replaces the file; see `replaceFile`. */
export async function writeLeaderEpochCheckpoint(
  fs: FileSystem,
  path: string,
  entries: readonly EpochEntry[],
): Promise<void> {
  await replaceFile(fs, path, formatLeaderEpochCheckpoint(entries));
}

export function formatLeaderEpochCheckpoint(entries: readonly EpochEntry[]): Buffer {
  return formatCheckpoint(entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`));
}

/** As they stand in the file: `LeaderEpochCache` drops those that do not rise. @throws MalformedFileError */
export function parseLeaderEpochCheckpoint(text: string, file: string): EpochEntry[] {
  if (text === '') return [];
  return parseCheckpoint(text, file).map((entry, index) => {
    const line = index + FIRST_ENTRY_LINE;
    const [epoch, startOffset] = parseCheckpointEntry(entry, FIELDS, file, line);
    return {
      epoch: leaderEpoch(parseCheckpointNumber(epoch, file, line, MAX_EPOCH)),
      startOffset: offset(parseCheckpointNumber(startOffset, file, line)),
    };
  });
}
