import type { OffsetPlace } from '../group/group-offsets.ts';
import type { GroupChange } from '../log/group-change.ts';
import type { Turn } from '../turn/turn.ts';
import type { AfterWrite, Deletion } from '../turn/write.ts';

/** What the records of one append may take; far below the smallest limit of a batch that makes sense for groups. */
const APPEND_MAX_BYTES = 256 * 1024;
/** What a record takes besides its strings, at most. */
const RECORD_OVERHEAD_BYTES = 64;

export const offsetDeletion = (groupId: string, { topic, partition }: OffsetPlace): GroupChange => ({
  kind: 'offset',
  groupId,
  topic,
  partition,
  value: null,
});

/** Deletions in parts that fit into a batch each, in their order. */
export const inAppendSizes = (deletions: readonly GroupChange[]): GroupChange[][] => {
  const parts: GroupChange[][] = [];
  let sizeBytes = APPEND_MAX_BYTES;
  for (const change of deletions) {
    const changeBytes = deletionSizeBytes(change);
    if (sizeBytes + changeBytes > APPEND_MAX_BYTES) {
      parts.push([]);
      sizeBytes = 0;
    }
    parts.at(-1)?.push(change);
    sizeBytes += changeBytes;
  }
  return parts;
};

const deletionSizeBytes = (change: GroupChange): number =>
  RECORD_OVERHEAD_BYTES +
  Buffer.byteLength(change.groupId) +
  (change.kind === 'offset' ? Buffer.byteLength(change.topic) : 0);

/** Has deletions appended; what is to be done in the end stands behind the last part. */
export const appendDeletions = (
  turn: Turn,
  changes: readonly GroupChange[],
  afterLast: (deletion: Deletion) => AfterWrite,
): void => {
  const deletion: Deletion = { failure: null };
  const parts = inAppendSizes(changes);
  parts.forEach(([first, ...rest], index) => {
    const isLast = index === parts.length - 1;
    const after: AfterWrite = isLast ? afterLast(deletion) : { kind: 'part deleted', deletion };
    if (first !== undefined) turn.append([first, ...rest], after);
  });
};
