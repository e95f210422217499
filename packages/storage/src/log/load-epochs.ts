import { join } from 'node:path';
import { NO_LEADER_EPOCH } from '@barnabas/model';
import { baseOffsetOf, leaderEpochOf } from '@barnabas/protocol';
import { LEADER_EPOCH_CHECKPOINT, readLeaderEpochCheckpoint } from '../checkpoint/leader-epoch-checkpoint.ts';
import { LeaderEpochCache } from '../epoch/leader-epoch-cache.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { MalformedFileError } from '../malformed-file-error.ts';
import type { Segment } from '../segment/segment.ts';

/**
 * Where each leader epoch of a log begins, from its checkpoint. Where that cannot be read, from the headers of all
 * batches, which tell the same but for epochs in which nothing was written; they have to be saved then.
 */
export const loadEpochs = async (
  fs: FileSystem,
  dir: string,
  segments: readonly Segment[],
): Promise<{ epochs: LeaderEpochCache; isSaved: boolean }> => {
  try {
    const saved = await readLeaderEpochCheckpoint(fs, join(dir, LEADER_EPOCH_CHECKPOINT));
    return { epochs: new LeaderEpochCache(saved), isSaved: true };
  } catch (error) {
    if (!(error instanceof MalformedFileError)) throw error;
    return { epochs: await epochsOf(segments), isSaved: false };
  }
};

const epochsOf = async (segments: readonly Segment[]): Promise<LeaderEpochCache> => {
  const epochs = new LeaderEpochCache();
  for (const segment of segments) {
    await segment.scan(0, segment.writtenBytes, 'headers', (bytes, at) => {
      noteEpoch(epochs, bytes, at);
      return undefined;
    });
  }
  return epochs;
};

/** Notes that an epoch begins with the batch, where it is later than all that are known. Answers whether it is. */
export const noteEpoch = (epochs: LeaderEpochCache, bytes: Buffer, at: number): boolean => {
  const epoch = leaderEpochOf(bytes, at);
  if (epoch === NO_LEADER_EPOCH || epoch <= (epochs.latestEpoch ?? NO_LEADER_EPOCH)) return false;
  return epochs.assign(epoch, baseOffsetOf(bytes, at));
};
