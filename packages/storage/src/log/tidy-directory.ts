import { join } from 'node:path';
import { type Offset, offset } from '@barnabas/model';
import { lastOffsetOf } from '@barnabas/protocol';
import { parseSegmentFileName, type SegmentFileName, segmentFileName } from '../file-names.ts';
import type { HandlePool } from '../files/handle-pool.ts';
import { scanBatches } from '../segment/scan.ts';

type Found = SegmentFileName & { readonly name: string };

/**
 * Ends what a crash has interrupted in a partition's directory, as Kafka does: removes `.deleted` and `.cleaned` files,
 * and the `.swap` files that a cleaning in progress would have replaced; gives the other `.swap` files their place, which
 * are whole, in exchange for the segments they were made of. Removes index files without a `.log`.
 *
 * Answers the segment files that are there now.
 */
export const tidyDirectory = async (handles: HandlePool, dir: string): Promise<SegmentFileName[]> => {
  const { fs } = handles;
  const found = await segmentFiles(handles, dir);
  const cleaned = found.filter(({ state }) => state === '.cleaned');
  const firstCleaned = Math.min(...cleaned.map(({ baseOffset }) => baseOffset));
  const isSwap = ({ state }: Found): boolean => state === '.swap';
  const stale = found.filter(
    (file) =>
      file.state === '.deleted' || file.state === '.cleaned' || (isSwap(file) && file.baseOffset >= firstCleaned),
  );
  for (const { name } of stale) await fs.removeFile(join(dir, name));
  const swaps = found.filter((file) => isSwap(file) && !stale.includes(file));
  const replaced = found.filter((file) => file.state === undefined && file.suffix !== '.snapshot');
  await finishSwaps(handles, dir, swaps, replaced);
  const left = stale.length + swaps.length > 0 ? await segmentFiles(handles, dir) : found;
  const orphans = orphanedIndexes(left);
  for (const { name } of orphans) await fs.removeFile(join(dir, name));
  if (stale.length + swaps.length + orphans.length > 0) await fs.syncDirectory(dir);
  return left.filter((file) => !orphans.includes(file));
};

const finishSwaps = async (
  handles: HandlePool,
  dir: string,
  swaps: readonly Found[],
  current: readonly Found[],
): Promise<void> => {
  const logs = swaps.filter(({ suffix }) => suffix === '.log');
  const ends = await Promise.all(logs.map((swap) => endOf(handles, join(dir, swap.name), swap.baseOffset)));
  const from = Math.min(...logs.map(({ baseOffset }) => baseOffset));
  const to = Math.max(...ends);
  for (const { name, baseOffset } of current) {
    if (baseOffset >= from && baseOffset < to) await handles.fs.removeFile(join(dir, name));
  }
  for (const { name, baseOffset, suffix } of swaps) {
    await handles.fs.rename(join(dir, name), join(dir, segmentFileName(baseOffset, suffix)));
  }
};

/** One past the last offset of a `.log` file. */
const endOf = async (handles: HandlePool, path: string, baseOffset: Offset): Promise<Offset> => {
  const { sizeBytes } = await handles.fs.stat(path);
  let end = baseOffset;
  await scanBatches(handles, path, 0, sizeBytes, 'headers', (bytes, at) => {
    end = offset(lastOffsetOf(bytes, at) + 1);
    return undefined;
  });
  await handles.forget(path);
  return end;
};

const orphanedIndexes = (files: readonly Found[]): Found[] => {
  const logs = new Set(files.filter(({ suffix }) => suffix === '.log').map(({ baseOffset }) => baseOffset));
  return files.filter(({ suffix, baseOffset }) => suffix !== '.log' && suffix !== '.snapshot' && !logs.has(baseOffset));
};

const segmentFiles = async ({ fs }: HandlePool, dir: string): Promise<Found[]> =>
  (await fs.list(dir)).flatMap(({ name }) => {
    const parsed = parseSegmentFileName(name);
    return parsed === undefined ? [] : [{ ...parsed, name }];
  });
