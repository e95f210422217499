/**
 * The checkpoints of a log directory: an offset for each of its partitions, as `topic partition offset`.
 *
 *   recovery-point-offset-checkpoint  what is below was flushed
 *   replication-offset-checkpoint     the high watermark
 *   log-start-offset-checkpoint       the log start, where it is above the first segment's base offset
 *   cleaner-offset-checkpoint         the first offset that compaction has not seen
 */
import { formatTopicPartition, type Offset, offset } from '@barnabas/model';
import { parseTopicPartition } from '../file-names.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { MalformedFileError } from '../malformed-file-error.ts';
import {
  FIRST_ENTRY_LINE,
  formatCheckpoint,
  parseCheckpoint,
  parseCheckpointEntry,
  parseCheckpointNumber,
} from './checkpoint-file.ts';
import { readOptional } from './read-optional.ts';

export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint';
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint';
export const LOG_START_CHECKPOINT = 'log-start-offset-checkpoint';
export const CLEANER_CHECKPOINT = 'cleaner-offset-checkpoint';

/** By `topic-partition`, as `formatTopicPartition` writes it. */
export type OffsetCheckpoint = ReadonlyMap<string, Offset>;

const FIELDS = ['topic', 'partition', 'offset'];
const MAX_PARTITION = 2147483647;

/** Empty if the file is missing. Rejects with MalformedFileError, or with the system's error. */
export async function readOffsetCheckpoint(fs: FileSystem, path: string): Promise<OffsetCheckpoint> {
  const bytes = await readOptional(fs, path);
  return bytes === undefined ? new Map() : parseOffsetCheckpoint(bytes.toString(), path);
}

/** The file's bytes, the entries in the map's order. */
export function formatOffsetCheckpoint(entries: OffsetCheckpoint): Buffer {
  const lines = Array.from(entries, ([key, value]) => {
    const parsed = parseTopicPartition(key);
    if (parsed === undefined) throw new RangeError(`${JSON.stringify(key)} is not of the form topic-partition`);
    return `${parsed.topic} ${parsed.partition} ${value}`;
  });
  return formatCheckpoint(lines);
}

/** @throws MalformedFileError */
export function parseOffsetCheckpoint(text: string, file: string): OffsetCheckpoint {
  const entries = new Map<string, Offset>();
  parseCheckpoint(text, file).forEach((entry, index) => {
    const line = index + FIRST_ENTRY_LINE;
    const [topic = '', partition, value] = parseCheckpointEntry(entry, FIELDS, file, line);
    const key = formatTopicPartition({ topic, partition: parseCheckpointNumber(partition, file, line, MAX_PARTITION) });
    if (parseTopicPartition(key) === undefined)
      throw new MalformedFileError(file, { line }, `no topic has such a name`);
    entries.set(key, offset(parseCheckpointNumber(value, file, line)));
  });
  return entries;
}
