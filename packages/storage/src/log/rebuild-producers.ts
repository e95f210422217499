import { join } from 'node:path';
import { type Offset, offset } from '@barnabas/model';
import { baseOffsetOf, batchBytesOf, lastOffsetOf, tryCheckBatch } from '@barnabas/protocol';
import { parseSegmentFileName, segmentFileName } from '../file-names.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { MalformedFileError } from '../malformed-file-error.ts';
import { decodeProducerSnapshot } from '../producer/producer-snapshot.ts';
import { ProducerStates } from '../producer/producer-state.ts';
import type { Segment } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';
import { LogProducers } from './log-producers.ts';

export type ProducerSource = {
  readonly fs: FileSystem;
  readonly dir: string;
  readonly nowMs: number;
  readonly expirationMs: number;
};

/** Offsets of the snapshots in a partition's directory, the newest first. */
export const snapshotOffsets = async (fs: FileSystem, dir: string): Promise<Offset[]> =>
  (await fs.list(dir))
    .map(({ name }) => parseSegmentFileName(name))
    .filter((file) => file?.suffix === '.snapshot' && file.state === undefined)
    .map((file) => file?.baseOffset ?? offset(0))
    .sort((a, b) => b - a);

/**
 * The producer state as it was at `end`: the newest sound snapshot at or below it, and the batches from there on. A
 * snapshot that is not sound is removed; the next older one, and more batches, give the same.
 *
 * Rejects with CorruptLogError for a batch on the way that is not sound.
 */
export const rebuildProducers = async (
  source: ProducerSource,
  segments: readonly Segment[],
  startOffset: Offset,
  end: Offset,
): Promise<LogProducers> => {
  const states = new ProducerStates();
  const from = await loadNewestSnapshot(source, states, startOffset, end);
  const producers = new LogProducers(states);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (segment.baseOffset >= end || from >= end || (next !== undefined && next.baseOffset <= from)) continue;
    await segment.scan(0, segment.writtenBytes, 'whole', (bytes, at, position) => {
      if (baseOffsetOf(bytes, at) >= end) return 'stop';
      if (lastOffsetOf(bytes, at) < from) return undefined;
      const verdict = tryCheckBatch(bytes, at, at + batchBytesOf(bytes, at));
      const reason = verdict.ok ? producers.faultOf(bytes, at) : verdict.reason;
      if (reason !== undefined) throw new CorruptLogError(segment.logPath, position, reason);
      producers.apply(bytes, at);
      return undefined;
    });
  }
  states.advanceTo(end);
  return producers;
};

/** Loads it into `states`; answers the offset from which batches have to be applied. */
const loadNewestSnapshot = async (
  { fs, dir, nowMs, expirationMs }: ProducerSource,
  states: ProducerStates,
  startOffset: Offset,
  end: Offset,
): Promise<Offset> => {
  for (const at of await snapshotOffsets(fs, dir)) {
    if (at > end || at < startOffset) continue;
    const path = join(dir, segmentFileName(at, '.snapshot'));
    try {
      const entries = decodeProducerSnapshot(await fs.readFile(path), path);
      states.truncateFullyAndStartAt(at);
      states.load(entries, nowMs, expirationMs);
      return at;
    } catch (error) {
      if (!(error instanceof MalformedFileError)) throw error;
      await fs.removeFile(path);
    }
  }
  states.truncateFullyAndStartAt(startOffset);
  return startOffset;
};
