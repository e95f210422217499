import { type Lane, payloadText } from './payload.ts';

/** What became of a record. Of an acknowledged one the cluster may have forgotten the offset. */
export type Fate =
  | { readonly type: 'underWay' }
  | { readonly type: 'acknowledged'; readonly offset: number | undefined }
  | { readonly type: 'refused' | 'unknown'; readonly why: string };

export type Entry = { readonly text: string; fate: Fate };

/** All records that one lane has sent, in that order: each stands at its number. */
export class LaneLedger {
  readonly lane: Lane;
  readonly entries: Entry[] = [];

  constructor(lane: Lane) {
    this.lane = lane;
  }

  /** The next record, which is under way from now on. */
  next(): Entry {
    const entry: Entry = { text: payloadText(this.lane, this.entries.length), fate: { type: 'underWay' } };
    this.entries.push(entry);
    return entry;
  }
}

/** All that was ever sent to a topic. */
export class Ledger {
  readonly topic: string;
  readonly lanes: LaneLedger[] = [];

  constructor(topic: string) {
    this.topic = topic;
  }

  open(partition: number, producer: string): LaneLedger {
    const lane = new LaneLedger({ topic: this.topic, partition, producer });
    this.lanes.push(lane);
    return lane;
  }

  /** Those of one partition, by producer. */
  of(partition: number): Map<string, LaneLedger> {
    const lanes = this.lanes.filter(({ lane }) => lane.partition === partition);
    return new Map(lanes.map((lane) => [lane.lane.producer, lane]));
  }

  count(fate: Fate['type']): number {
    return this.lanes.flatMap(({ entries }) => entries).filter((entry) => entry.fate.type === fate).length;
  }

  /** Where a partition ends that holds what was acknowledged, and no more. */
  endOf(partition: number): number {
    let end = 0;
    for (const { entries } of this.of(partition).values()) {
      for (const { fate } of entries) if (fate.type === 'acknowledged') end = Math.max(end, (fate.offset ?? -1) + 1);
    }
    return end;
  }
}
