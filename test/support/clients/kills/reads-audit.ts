import type { ReadRecord, SteadyMember } from './steady-client.ts';

const SHOWN = 5;

type Reader = Pick<SteadyMember, 'read'>;

/** What a group made of a load whose every record was acknowledged. */
export type Audit = {
  /** In words; none where all is well. */
  readonly problems: readonly string[];
  /** How many records were read another time: those whose commit did not come to be. */
  readonly readAgain: number;
};

/**
 * With idempotent producers a record's offset is its number: then the log has each once, and in order. Read it must be at
 * least once, and a member may go back, but never skip what it has then to go back to.
 */
export function auditReads(acknowledged: readonly number[], members: readonly Reader[]): Audit {
  const all = members.flatMap(({ read }) => read);
  const perPartition = acknowledged.map((count, partition) => {
    const offsets = new Set(all.filter((record) => record.partition === partition).map(({ offset }) => offset));
    return { offsets, problems: [...missing(partition, offsets, count), ...unsent(partition, offsets, count)] };
  });
  return {
    problems: [
      ...perPartition.flatMap(({ problems }) => problems),
      ...all.filter(({ offset, value }) => offset !== value).map(misplaced),
      ...members.flatMap(({ read }, member) => outOfOrder(member, read)),
    ].slice(0, SHOWN),
    readAgain: all.length - perPartition.reduce((sum, { offsets }) => sum + offsets.size, 0),
  };
}

const missing = (partition: number, offsets: ReadonlySet<number>, count: number): string[] => {
  const gaps = Array.from({ length: count }, (_, offset) => offset).filter((offset) => !offsets.has(offset));
  return gaps.length === 0 ? [] : [`partition ${partition}: ${gaps.length} never read, the first is ${gaps[0]}`];
};

const unsent = (partition: number, offsets: ReadonlySet<number>, count: number): string[] => {
  const more = [...offsets].filter((offset) => offset >= count);
  return more.length === 0 ? [] : [`partition ${partition}: ${more.length} more than the ${count} sent`];
};

const misplaced = ({ partition, offset, value }: ReadRecord): string =>
  `partition ${partition}: record ${value} is at ${offset}`;

/** Offsets that a member reads for the first time, though it has read later ones. */
const outOfOrder = (member: number, read: readonly ReadRecord[]): string[] => {
  const seen = new Map<number, { last: number; readonly offsets: Set<number> }>();
  const problems: string[] = [];
  for (const { partition, offset } of read) {
    const mine = seen.getOrInsertComputed(partition, () => ({ last: -1, offsets: new Set() }));
    if (offset < mine.last && !mine.offsets.has(offset)) {
      problems.push(`partition ${partition}: member ${member} has ${offset} after ${mine.last}`);
    }
    mine.offsets.add(offset);
    mine.last = Math.max(mine.last, offset);
  }
  return problems;
};
