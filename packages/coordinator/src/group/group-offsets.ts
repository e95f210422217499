import type { CommittedOffset } from '../log/group-change.ts';

/** An offset with the partition that it is of. */
export type PartitionOffset = { readonly topic: string; readonly partition: number; readonly value: CommittedOffset };
/** A partition whose offset is committed or about to be. */
export type OffsetPlace = { readonly topic: string; readonly partition: number };

type ByTopic<T> = Map<string, Map<number, T>>;

/**
 * The committed offsets of a group, and how many commits are under way for each partition. Changed by what is applied and by the
 * commits' begin and end alone. Partitions come in the order of their first commit.
 */
export class GroupOffsets {
  readonly #committed: ByTopic<CommittedOffset> = new Map();
  readonly #underWay: ByTopic<number> = new Map();

  /** Neither committed ones nor any under way. */
  get isEmpty(): boolean {
    return this.#committed.size === 0 && this.#underWay.size === 0;
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#committed.get(topic)?.get(partition);
  }

  /** `value` null deletes it. */
  apply(topic: string, partition: number, value: CommittedOffset | null): void {
    put(this.#committed, topic, partition, value);
  }

  isUnderWay(topic: string, partition: number): boolean {
    return this.#underWay.get(topic)?.has(partition) ?? false;
  }

  commitBegins(topic: string, partition: number): void {
    put(this.#underWay, topic, partition, (this.#underWay.get(topic)?.get(partition) ?? 0) + 1);
  }

  commitEnds(topic: string, partition: number): void {
    const left = (this.#underWay.get(topic)?.get(partition) ?? 1) - 1;
    put(this.#underWay, topic, partition, left === 0 ? null : left);
  }

  committed(): PartitionOffset[] {
    return [...this.#committed].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, value]) => ({ topic, partition, value })),
    );
  }

  /** Where a commit is kept or under way: what has to be deleted for nothing to be left. */
  places(onlyTopic?: string): OffsetPlace[] {
    const topics =
      onlyTopic === undefined ? new Set([...this.#committed.keys(), ...this.#underWay.keys()]) : [onlyTopic];
    return [...topics].flatMap((topic) => {
      const partitions = [this.#committed, this.#underWay].flatMap((offsets) => [
        ...(offsets.get(topic)?.keys() ?? []),
      ]);
      return [...new Set(partitions)].map((partition) => ({ topic, partition }));
    });
  }
}

const put = <T>(offsets: ByTopic<T>, topic: string, partition: number, value: T | null): void => {
  const partitions = offsets.get(topic) ?? new Map<number, T>();
  if (value === null) partitions.delete(partition);
  else partitions.set(partition, value);
  if (partitions.size === 0) offsets.delete(topic);
  else offsets.set(topic, partitions);
};
