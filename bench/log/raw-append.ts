import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RawFile } from './raw-file.ts';
import type { LogCall } from './tracing-file-system.ts';

/** What one file gets: the number of chunks of each writev, and whether an fdatasync covers them. */
export type WriteGroup = { readonly writes: readonly number[]; readonly synced: boolean };

/** The groups of each file, as a log has made them. */
export const groupsOf = (calls: readonly LogCall[]): WriteGroup[][] => {
  const files = new Map<string, { groups: WriteGroup[]; writes: number[] }>();
  for (const call of calls) {
    const file = files.get(call.path) ?? { groups: [], writes: [] };
    files.set(call.path, file);
    if (call.kind === 'write') {
      file.writes.push(call.chunks);
    } else if (file.writes.length > 0) {
      file.groups.push({ writes: file.writes, synced: true });
      file.writes = [];
    }
  }
  return [...files.values()].map(({ groups, writes }) =>
    writes.length === 0 ? groups : [...groups, { writes, synced: false }],
  );
};

/** The same bytes between the fdatasyncs, but each chunk with a writev of its own; up to `limit` chunks in each file. */
export const oneByOne = (groups: readonly WriteGroup[], limit: number): WriteGroup[] => {
  const single: WriteGroup[] = [];
  let left = limit;
  for (const { writes, synced } of groups) {
    const count = Math.min(
      left,
      writes.reduce((sum, chunks) => sum + chunks, 0),
    );
    left -= count;
    if (count > 0) single.push({ writes: Array(count).fill(1), synced });
  }
  return single;
};

/** Source of the peer's bytes: written over and over, they stay in the processor's cache, which is the peer's best case. */
const RING_BYTES = 1024 * 1024;

/**
 * Writes chunks like `chunk` to new files under `dir`, in the groups given for each: one writev at a time per file, and
 * one fdatasync at a time per file while the next group is being written, as a group commit does. Answers the bytes and
 * the time they took, without opening and removing the files.
 */
export const writeRaw = async (
  dir: string,
  files: readonly (readonly WriteGroup[])[],
  chunk: Buffer,
): Promise<{ bytes: number; ms: number }> => {
  const ring = Array.from({ length: Math.ceil(RING_BYTES / chunk.length) }, () => Buffer.from(chunk));
  const most = Math.max(...files.flat().flatMap(({ writes }) => writes));
  const chunks = Array.from({ length: most }, (_, index) => ring[index % ring.length] as Buffer);
  const into = mkdtempSync(join(dir, 'raw-'));
  const raw = files.map((_, index) => new RawFile(join(into, `${index}.log`), 'write'));
  const startMs = performance.now();
  const written = await Promise.all(raw.map((file, index) => writeGroups(file, files[index] ?? [], chunks)));
  const ms = performance.now() - startMs;
  for (const file of raw) file.close();
  rmSync(into, { recursive: true });
  return { bytes: written.reduce((sum, bytes) => sum + bytes, 0), ms };
};

const writeGroups = async (
  file: RawFile,
  groups: readonly WriteGroup[],
  chunks: readonly Buffer[],
): Promise<number> => {
  let syncing: Promise<void> = Promise.resolve();
  let position = 0;
  for (const { writes, synced } of groups) {
    for (const count of writes) {
      position += await file.writev(chunks.slice(0, count), position);
    }
    if (!synced) continue;
    await syncing;
    syncing = file.fdatasync();
  }
  await syncing;
  return position;
};
