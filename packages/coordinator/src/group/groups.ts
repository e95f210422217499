import type { GroupChange } from '../log/group-change.ts';
import { Group } from './group.ts';

/**
 * The groups of a shard. `apply` is the only way in which what is in the log changes here: for records that are read again, and for
 * those that were just committed.
 */
export class Groups implements Iterable<Group> {
  readonly #groups = new Map<string, Group>();

  get(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  getOrCreate(id: string, nowMs: number | null): Group {
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const group = new Group(id, nowMs);
    this.#groups.set(id, group);
    return group;
  }

  remove(group: Group): void {
    this.#groups.delete(group.id);
  }

  /** In the order in which they came. */
  [Symbol.iterator](): Iterator<Group> {
    return this.#groups.values();
  }

  /** @param nowMs null while the log is read again: what is not in a record is not known */
  apply(change: GroupChange, nowMs: number | null): void {
    const group = this.getOrCreate(change.groupId, nowMs);
    if (change.kind === 'group') group.stored = change.value;
    else group.offsets.apply(change.topic, change.partition, change.value);
  }
}
