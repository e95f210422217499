import { join } from 'node:path';
import type { Scheduler } from '@barnabas/model';
import { SEGMENT_SUFFIXES, segmentFileName } from '../file-names.ts';
import type { FileSystem } from '../fs/file-system.ts';
import type { Segment } from '../segment/segment.ts';
import { systemCodeOf } from '../storage-errors.ts';

/**
 * Takes segments out of a directory: each file gets the suffix `.deleted` at once, and is removed after `delayMs`, as Kafka
 * does. The segments come in the order in which they are to disappear: a crash
 * leaves the later ones.
 */
export const removeSegments = async (
  fs: FileSystem,
  scheduler: Scheduler,
  dir: string,
  segments: readonly Segment[],
  delayMs: number,
): Promise<void> => {
  if (segments.length === 0) return;
  const renamed: string[] = [];
  for (const segment of segments) {
    await segment.release();
    for (const suffix of SEGMENT_SUFFIXES) {
      const path = join(dir, segmentFileName(segment.baseOffset, suffix));
      if (await renameIfThere(fs, path, `${path}.deleted`)) renamed.push(`${path}.deleted`);
    }
  }
  await fs.syncDirectory(dir);
  scheduler.after(delayMs, () => {
    for (const path of renamed) void fs.removeFile(path).catch(ignoreMissing);
  });
};

const renameIfThere = async (fs: FileSystem, from: string, to: string): Promise<boolean> => {
  try {
    await fs.rename(from, to);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
};

/** A file that could not be removed is removed when the log is opened the next time. */
const ignoreMissing = (): void => {};
