import type { LeaderEpoch, Offset } from '@barnabas/model';

/** The offset at which the log's data of a leader epoch begins. */
export type EpochEntry = { readonly epoch: LeaderEpoch; readonly startOffset: Offset };

/** Where an epoch's data ends: the offset after its last record. */
export type EndOffsetForEpoch = { readonly epoch: LeaderEpoch; readonly endOffset: Offset };

/**
 * Which leader wrote which part of a partition's log. Followers find with it where their log and the leader's part ways
 * (KIP-101, KIP-279). In memory only: where a method answers true, the caller writes `entries` to the checkpoint.
 *
 * Invariant: both the epochs and the start offsets rise strictly from entry to entry.
 */
export class LeaderEpochCache {
  #entries: EpochEntry[] = [];

  /** @param entries from the checkpoint; an entry that contradicts later ones gives way to them */
  constructor(entries: readonly EpochEntry[] = []) {
    for (const { epoch, startOffset } of entries) this.assign(epoch, startOffset);
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries;
  }

  get latestEpoch(): LeaderEpoch | undefined {
    return this.#entries.at(-1)?.epoch;
  }

  /**
   * Notes that the epoch begins at the offset, unless the latest entry says so already. Entries that contradict it, of
   * the same or a later epoch or offset, are removed.
   *
   * @returns whether anything changed
   */
  assign(epoch: LeaderEpoch, startOffset: Offset): boolean {
    if (epoch < 0 || startOffset < 0) throw new RangeError(`no epoch ${epoch} can begin at offset ${startOffset}`);
    const latest = this.#entries.at(-1);
    if (latest !== undefined && latest.epoch === epoch && latest.startOffset <= startOffset) return false;
    const kept = this.#entries.findLastIndex((entry) => entry.epoch < epoch && entry.startOffset < startOffset) + 1;
    this.#entries = [...this.#entries.slice(0, kept), { epoch, startOffset }];
    return true;
  }

  /** The epoch of the record at the offset; undefined below the first entry. */
  epochFor(offset: Offset): LeaderEpoch | undefined {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.epoch;
  }

  /**
   * Where the largest epoch not above the one asked for ends, and which one that is. Below the first entry: the epoch
   * asked for, ending where the first entry begins, as its data has been removed. Undefined for one that is above all
   * that are known, and for -1.
   */
  endOffsetFor(epoch: LeaderEpoch, logEndOffset: Offset): EndOffsetForEpoch | undefined {
    if (epoch < 0) return undefined;
    if (epoch === this.latestEpoch) return { epoch, endOffset: logEndOffset };
    const nextIndex = this.#entries.findIndex((entry) => entry.epoch > epoch);
    const next = this.#entries[nextIndex];
    if (next === undefined) return undefined;
    return { epoch: this.#entries[nextIndex - 1]?.epoch ?? epoch, endOffset: next.startOffset };
  }

  /** Removes the epochs that begin at the offset or after it. @returns whether anything changed */
  truncateFromEnd(endOffset: Offset): boolean {
    return this.#replace(this.#entries.filter((entry) => entry.startOffset < endOffset));
  }

  /** Removes the epochs that end at the offset or before it; the one in force there begins there from now on. */
  truncateFromStart(startOffset: Offset): boolean {
    const firstIndex = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset);
    const first = this.#entries[firstIndex];
    if (first === undefined || (firstIndex === 0 && first.startOffset === startOffset)) return false;
    return this.#replace([{ epoch: first.epoch, startOffset }, ...this.#entries.slice(firstIndex + 1)], true);
  }

  /** @returns whether there was anything */
  clear(): boolean {
    return this.#replace([]);
  }

  #replace(entries: EpochEntry[], changed = entries.length !== this.#entries.length): boolean {
    this.#entries = entries;
    return changed;
  }
}
