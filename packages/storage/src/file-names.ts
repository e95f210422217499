/**
 * The names in a log directory.
 *
 *   <topic>-<N>                            a partition's directory
 *   <topic>-<N>.<32 hex digits>-delete     waits to be removed; the topic is cut so that the name has 255 bytes at most
 *   <topic>-<N>.<32 hex digits>-stray      the cluster knows no such replica here; cut likewise
 *   <topic>-<N>.<32 hex digits>-future     is being moved here from another log directory; never cut
 *
 * and in a partition's directory, named by the 20-digit offset at which the segment (or the state in a snapshot) begins:
 *
 *   <offset>.log .index .timeindex .txnindex .snapshot
 *   any of them with .deleted (waits to be removed), .cleaned (compaction writes it) or .swap (compaction has written it)
 *
 * Source: Kafka's LogFileUtils and LocalLog.
 */
import { type Offset, offset, type TopicPartition } from '@barnabas/model';

export const SEGMENT_SUFFIXES = ['.log', '.index', '.timeindex', '.txnindex', '.snapshot'] as const;
export type SegmentSuffix = (typeof SEGMENT_SUFFIXES)[number];

export const STATE_SUFFIXES = ['.deleted', '.cleaned', '.swap'] as const;
/** What a file of a segment is in the middle of. */
export type StateSuffix = (typeof STATE_SUFFIXES)[number];

export const DIRECTORY_SUFFIXES = ['-delete', '-stray', '-future'] as const;
export type DirectorySuffix = (typeof DIRECTORY_SUFFIXES)[number];

export type SegmentFileName = {
  readonly baseOffset: Offset;
  readonly suffix: SegmentSuffix;
  readonly state: StateSuffix | undefined;
};

/** `suffix` is undefined for a directory that is in use; the topic of the others may have been cut. */
export type PartitionDirectory = TopicPartition & { readonly suffix: DirectorySuffix | undefined };

const OFFSET_DIGITS = 20;
const MAX_NAME_LENGTH = 255;
const MAX_TOPIC_LENGTH = 249;
const MAX_PARTITION = 2147483647;

const SEGMENT_FILE = /^(\d{20})(\.log|\.index|\.timeindex|\.txnindex|\.snapshot)(\.deleted|\.cleaned|\.swap)?$/;
const SUFFIXED_DIRECTORY = /^(.+)\.[0-9a-f]{32}(-delete|-stray|-future)$/;
const DIRECTORY = /^([a-zA-Z0-9._-]+)-(0|[1-9]\d{0,9})$/;

/** `00000000000000000042.log`; with a state, `00000000000000000042.log.swap`. */
export function segmentFileName(baseOffset: Offset, suffix: SegmentSuffix, state: StateSuffix | '' = ''): string {
  return `${String(baseOffset).padStart(OFFSET_DIGITS, '0')}${suffix}${state}`;
}

/** Undefined for a name that no file of a segment has. */
export function parseSegmentFileName(name: string): SegmentFileName | undefined {
  const [, digits, suffix, state] = SEGMENT_FILE.exec(name) ?? [];
  const baseOffset = Number(digits);
  if (suffix === undefined || !Number.isSafeInteger(baseOffset)) return undefined;
  return {
    baseOffset: offset(baseOffset),
    suffix: suffix as SegmentSuffix,
    state: state as StateSuffix | undefined,
  };
}

/**
 * The name for a partition's directory that is no longer, or not yet, in use.
 *
 * @param uniqueId 32 hexadecimal digits in lower case
 */
export function suffixedDirectoryName(
  topicPartition: TopicPartition,
  suffix: DirectorySuffix,
  uniqueId: string,
): string {
  const end = `-${topicPartition.partition}.${uniqueId}${suffix}`;
  if (suffix === '-future') return `${topicPartition.topic}${end}`;
  return `${topicPartition.topic.slice(0, MAX_NAME_LENGTH - end.length)}${end}`;
}

/** Undefined for a name that no partition's directory has. */
export function parsePartitionDirectory(name: string): PartitionDirectory | undefined {
  const [, prefix, suffix] = SUFFIXED_DIRECTORY.exec(name) ?? [];
  const topicPartition = parseTopicPartition(prefix ?? name);
  return topicPartition && { ...topicPartition, suffix: suffix as DirectorySuffix | undefined };
}

/** The reverse of `formatTopicPartition`; undefined if the text is not of that form. */
export function parseTopicPartition(text: string): TopicPartition | undefined {
  const [, topic, digits] = DIRECTORY.exec(text) ?? [];
  const partition = Number(digits);
  if (topic === undefined || topic.length > MAX_TOPIC_LENGTH || partition > MAX_PARTITION) return undefined;
  return { topic, partition };
}
