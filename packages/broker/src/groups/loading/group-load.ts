import { type Offset, offset } from '@barnabas/model';
import type { OffsetsRecord } from '@barnabas/protocol';
import type { Logger } from '../../logger.ts';
import type { FetchedPartition, Replicas } from '../../replication/replicas.ts';
import type { SerialQueue } from '../../replication/waits/serial-queue.ts';
import type { LedPartition } from '../append-records.ts';
import { GroupRecords } from './group-records.ts';

export type GroupLoadOptions = {
  readonly led: LedPartition;
  readonly start: Offset;
  /** The log end when this broker began to lead: whatever comes after that the coordinator itself appends. */
  readonly end: Offset;
  readonly replicas: Pick<Replicas, 'fetch'>;
  /** `offsets.load.buffer.size` */
  readonly bufferBytes: number;
  /** Shared by all loads, so that there is one buffer at a time. */
  readonly turns: SerialQueue;
  readonly pause: (delayMs: number) => Promise<void>;
  /** false: the load is to end, as the broker does not lead in that epoch any more. */
  readonly isWanted: () => boolean;
  readonly replay: (record: OffsetsRecord) => void;
  readonly log: Logger;
};

type Step = 'more' | 'end' | 'not yet committed' | 'failed';

/** Records between which everything else has its turn: about two milliseconds' worth. */
const RECORDS_AT_ONCE = 1000;
const RETRY_MS = 1000;
const WAIT_MS = 500;

/**
 * Reads a partition of the offsets topic from its start to where this broker began to lead it, and no further than what is
 * committed: a group that was told of an offset which the next leader does not have would go back (Kafka reads on, to the log end).
 *
 * It reads as a consumer does, in its leader epoch, piece by piece, and goes on for as long as it is wanted.
 */
export class GroupLoad {
  readonly #options: GroupLoadOptions;
  readonly #records: GroupRecords;
  #at: Offset;

  constructor(options: GroupLoadOptions) {
    const { topic, partition } = options.led.topicPartition;
    this.#options = options;
    this.#records = new GroupRecords(`${topic}-${partition}`, options.log);
    this.#at = options.start;
  }

  /** Whether all was read; it was not where the load was wanted no longer. */
  async run(): Promise<boolean> {
    const { turns, isWanted, pause } = this.#options;
    while (isWanted()) {
      const step = await turns.run(() => this.#step());
      if (step === 'end') return isWanted();
      if (step === 'not yet committed') await this.#fetch(WAIT_MS, 1);
      if (step === 'failed') await pause(RETRY_MS);
    }
    return false;
  }

  async #step(): Promise<Step> {
    const { isWanted, end, bufferBytes, log, led } = this.#options;
    // Others may have had their turn before.
    if (!isWanted()) return 'more';
    const { error, records, highWatermark, logStartOffset } = await this.#fetch(0, bufferBytes);
    if (!isWanted()) return 'more';
    if (error === 'OFFSET_OUT_OF_RANGE' && logStartOffset > this.#at) {
      this.#at = offset(logStartOffset);
      return 'more';
    }
    if (error !== undefined) {
      log.warn({ ...led.topicPartition, error }, 'the groups of a partition could not be read; it is tried again');
      return 'failed';
    }
    // A compacted log may end with offsets that nothing is left of.
    if (records.length === 0) return highWatermark >= end ? 'end' : 'not yet committed';
    for (const bytes of records) await this.#replay(bytes);
    return this.#at >= end ? 'end' : 'more';
  }

  async #replay(bytes: Uint8Array): Promise<void> {
    const { replay, pause, isWanted } = this.#options;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const read = this.#records.read(buffer, this.#at);
    for (let count = 1; ; count++) {
      const found = read.next();
      if (found.done) {
        this.#at = found.value;
        return;
      }
      for (const record of found.value) replay(record);
      if (count % RECORDS_AT_ONCE !== 0) continue;
      await pause(0);
      if (!isWanted()) return;
    }
  }

  async #fetch(maxWaitMs: number, maxBytes: number): Promise<FetchedPartition> {
    const { replicas, led } = this.#options;
    const [found] = await replicas.fetch({
      replica: undefined,
      maxWaitMs,
      minBytes: 1,
      maxBytes,
      isolation: 'read_uncommitted',
      partitions: [
        {
          ...led.topicPartition,
          fetchOffset: this.#at,
          maxBytes,
          currentLeaderEpoch: led.leaderEpoch,
          lastFetchedEpoch: undefined,
          logStartOffset: undefined,
        },
      ],
    });
    if (found === undefined) throw new Error('a fetch of one partition was answered with none');
    return found;
  }
}
