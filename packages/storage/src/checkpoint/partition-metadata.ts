/**
 * `partition.metadata`: which topic the directory belongs to, so that a topic that was made anew under the same name
 * never gets the old one's data. Two lines, the second one not ended:
 *
 *   version: 0
 *   topic_id: <a UUID as 22 characters of URL-safe base64>
 *
 * Source: Kafka's PartitionMetadataFile, KIP-516.
 */
import type { FileSystem } from '../fs/file-system.ts';
import { MalformedFileError } from '../malformed-file-error.ts';
import { replaceFile } from './atomic-write.ts';
import { readOptional } from './read-optional.ts';

export const PARTITION_METADATA = 'partition.metadata';

/** 16 bytes need 21 characters and two bits of the last one. */
const TOPIC_ID = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const ZERO_ID = 'A'.repeat(22);

/** The topic id; undefined if the file is missing. Rejects with MalformedFileError, or with the system's error. */
export async function readPartitionMetadata(fs: FileSystem, path: string): Promise<string | undefined> {
  const bytes = await readOptional(fs, path);
  return bytes && parsePartitionMetadata(bytes.toString(), path);
}

/** Replaces the file; see `replaceFile`. */
export async function writePartitionMetadata(fs: FileSystem, path: string, topicId: string): Promise<void> {
  await replaceFile(fs, path, formatPartitionMetadata(topicId));
}

export function formatPartitionMetadata(topicId: string): Buffer {
  return Buffer.from(`version: 0\ntopic_id: ${topicId}`);
}

/** The topic id. @throws MalformedFileError */
export function parsePartitionMetadata(text: string, file: string): string {
  const lines = text.split('\n');
  const version = textAfter('version', lines[0]);
  if (version !== '0') throw new MalformedFileError(file, { line: 1 }, 'it is not "version: 0"');
  const topicId = textAfter('topic_id', lines[1]);
  if (topicId === undefined || !TOPIC_ID.test(topicId) || topicId === ZERO_ID) {
    throw new MalformedFileError(file, { line: 2 }, 'it is not "topic_id: " and the 22 characters of a topic id');
  }
  if (lines.slice(2).some((line) => line !== '')) throw new MalformedFileError(file, { line: 3 }, 'nothing may follow');
  return topicId;
}

function textAfter(name: string, line: string | undefined): string | undefined {
  return line?.startsWith(`${name}: `) ? line.slice(name.length + 2) : undefined;
}
