/** What the members of a group say that they were given and told, held against what must be so. */
export class GroupLedger {
  readonly violations: string[] = [];
  /** The last commit of each partition that was acknowledged. */
  readonly acknowledged = new Map<number, number>();
  readonly #owners = new Map<string, string>();
  /** The last generation in which each partition was given to somebody. */
  readonly #generations = new Map<number, number>();

  assigned(member: string, generation: number, partitions: readonly number[]): void {
    for (const partition of partitions) {
      const key = `${generation} ${partition}`;
      const owner = this.#owners.get(key);
      if (owner !== undefined && owner !== member) {
        this.violations.push(`partition ${partition} is ${owner}'s and ${member}'s in generation ${generation}`);
      }
      this.#owners.set(key, member);
      this.#generations.set(partition, Math.max(generation, this.#generations.get(partition) ?? 0));
    }
  }

  committed(partition: number, offset: number): void {
    const before = this.acknowledged.get(partition) ?? -1;
    if (offset < before) this.violations.push(`partition ${partition} goes back from ${before} to ${offset}`);
    this.acknowledged.set(partition, offset);
  }

  /** A member of an earlier generation may be told what held in it: it cannot commit any more. */
  fetched(generation: number, partition: number, offset: number): void {
    if (generation < (this.#generations.get(partition) ?? 0)) return;
    const acknowledged = this.acknowledged.get(partition) ?? -1;
    if (offset < acknowledged) {
      this.violations.push(`partition ${partition} is at ${offset}, but ${acknowledged} was acknowledged`);
    }
  }
}
