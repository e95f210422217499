import { decodeOffsetsRecord, type KeyAndValue, type OffsetsRecord } from '@barnabas/protocol';
import type { WriteId } from '../../src/index.ts';

/** `in doubt`: nobody was told that it is in the log, and it is. */
type EntryState = 'under way' | 'committed' | 'in doubt' | 'absent';

type Entry = {
  readonly writeId: WriteId;
  readonly records: readonly OffsetsRecord[];
  readonly raw: readonly KeyAndValue[];
  /** Of the shard that appended it; a shard's write ids are its own. */
  readonly life: number;
  state: EntryState;
};

/** The log of a partition, in the order of its appends; and what its shard must know, by the log alone. */
export class ModelLog {
  readonly #entries: Entry[] = [];
  #life = 0;

  append(writeId: WriteId, raw: readonly KeyAndValue[]): void {
    const records = raw.map(({ key, value }) => decodeOffsetsRecord(key, value));
    this.#entries.push({ writeId, raw, records, life: this.#life, state: 'under way' });
  }

  underWay(): readonly WriteId[] {
    return this.#entries.filter(({ state }) => state === 'under way').map(({ writeId }) => writeId);
  }

  end(writeId: WriteId, state: EntryState): void {
    const entry = this.#entries.find((other) => other.writeId === writeId && other.life === this.#life);
    if (entry === undefined) throw new Error(`no write ${writeId}`);
    entry.state = state;
  }

  /** Another shard reads it: what was in doubt is decided. */
  move(landed: number): void {
    this.#entries
      .filter(({ state }) => state === 'under way')
      .forEach((entry, index) => {
        entry.state = index < landed ? 'committed' : 'absent';
      });
    for (const entry of this.#entries) if (entry.state === 'in doubt') entry.state = 'committed';
    this.#life += 1;
  }

  /** All that another shard would read. */
  raw(): readonly KeyAndValue[] {
    return this.#entries.filter(({ state }) => state === 'committed' || state === 'in doubt').flatMap(({ raw }) => raw);
  }

  /** What the shard of now must have applied: all up to the first write that has not ended, but what is in doubt. */
  applied(): readonly OffsetsRecord[] {
    const first = this.#entries.findIndex(({ state }) => state === 'under way');
    const ended = first === -1 ? this.#entries : this.#entries.slice(0, first);
    return ended.filter(({ state }) => state === 'committed').flatMap(({ records }) => records);
  }

  /** The same as bytes. */
  appliedRaw(): readonly KeyAndValue[] {
    const first = this.#entries.findIndex(({ state }) => state === 'under way');
    const ended = first === -1 ? this.#entries : this.#entries.slice(0, first);
    return ended.filter(({ state }) => state === 'committed').flatMap(({ raw }) => raw);
  }

  /** How often a group was deleted, as far as the log has it; its generations begin anew then. */
  deletionsOf(groupId: string): number {
    return this.#entries
      .filter(({ state }) => state !== 'absent')
      .flatMap(({ records }) => records)
      .filter(
        (record) => record.type === 'group-metadata' && record.key.data.group === groupId && record.value === null,
      ).length;
  }

  /** The generations of a group in the order in which they were written, each time it was there. */
  generationsOf(groupId: string): number[][] {
    const lives: number[][] = [[]];
    for (const { state, records } of this.#entries) {
      for (const record of state === 'committed' ? records : []) {
        if (record.type !== 'group-metadata' || record.key.data.group !== groupId) continue;
        if (record.value === null) lives.push([]);
        else lives.at(-1)?.push(record.value.data.generation);
      }
    }
    return lives;
  }
}
