import type { ReplicaNews } from '../../../replication/replicas.ts';
import type { AskedPartition } from '../asked-fetch.ts';
import { isUrgent, type PartitionAnswer, recordBytesOf } from '../partition-answer.ts';

/** Whoever keeps partitions and wants to hear of them. */
export interface NewsReader {
  onNews(partition: SessionPartition, news: ReplicaNews): void;
}

/** What the asker was told last; -1 before the first answer. */
type Told = { readonly highWatermark: number; readonly logStartOffset: number };

const NOTHING_TOLD: Told = { highWatermark: -1, logStartOffset: -1 };

/** One partition of a fetch session. */
export class SessionPartition {
  readonly reader: NewsReader;
  /** Under which name news of it comes; undefined as long as its topic id is not known. */
  topic: string | undefined;
  #asked: AskedPartition;
  #told = NOTHING_TOLD;

  constructor(reader: NewsReader, asked: AskedPartition) {
    this.reader = reader;
    this.#asked = asked;
  }

  get key(): string {
    return this.#asked.key;
  }

  get asked(): AskedPartition {
    return this.#asked;
  }

  /** Asked for anew: it is also told anew where the log stands, as the last answer may have been thrown away. */
  ask(asked: AskedPartition): void {
    this.#asked = asked;
    this.#told = NOTHING_TOLD;
  }

  /** Whether the asker does not know it all. */
  isToTell(answer: PartitionAnswer): boolean {
    const { highWatermark, logStartOffset } = this.#told;
    return (
      isUrgent(answer) ||
      recordBytesOf(answer) > 0 ||
      answer.highWatermark !== highWatermark ||
      answer.logStartOffset !== logStartOffset
    );
  }

  /** After an error the offsets are told again, whatever they are. */
  onTold({ error, highWatermark, logStartOffset }: PartitionAnswer): void {
    this.#told = error === undefined ? { highWatermark, logStartOffset } : NOTHING_TOLD;
  }
}
