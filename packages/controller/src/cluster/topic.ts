import type { Partition } from './partition.ts';

/** A topic as the controller knows it. */
export class Topic {
  readonly name: string;
  readonly id: string;
  /** By number. */
  readonly partitions = new Map<number, Partition>();
  /** It is being deleted: its partitions get no leader any more, and their ISR does not change. */
  isDeleting = false;

  constructor(name: string, id: string) {
    this.name = name;
    this.id = id;
  }
}
