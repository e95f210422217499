import { KafkaError } from '@barnabas/model';
import type { LogRecord } from '@barnabas/protocol';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import { errorIn, type LedPartition, leaderNow } from '../asking/ask-leader.ts';
import type { FetchTurns } from '../asking/fetch-turns.ts';
import { nextView } from '../asking/next-view.ts';
import { orAborted } from '../asking/or-aborted.ts';
import { patienceOf } from '../asking/patience.ts';
import { againIfRetriable, readOnly } from '../asking/read-only.ts';
import { type Attempt, done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';
import {
  errorOfFetch,
  FETCH_SLACK_BYTES,
  type Fetched,
  type FetchedPartition,
  fetchRequest,
  fetchVersion,
  GRACE_MS,
  type Isolation,
  recordsFetched,
} from './fetch-message.ts';
import type { RecordLimits } from './fetched-records.ts';

export type ReadSpec = {
  readonly from: number;
  readonly limits: RecordLimits;
  /** How long to wait for the first record. */
  readonly waitMs: number;
};

export type ReadRecords = {
  readonly records: readonly LogRecord[];
  /** Where the next read goes on. */
  readonly nextOffset: number;
  /** UNKNOWN_HIGH_WATERMARK where the read ended before a leader said. */
  readonly highWatermark: number;
};

export const UNKNOWN_HIGH_WATERMARK = -1;

/** Reads one partition wherever it is led. Lives as long as a request or stream; one read at a time. */
export class PartitionReader {
  readonly #door: Door;
  readonly #turns: FetchTurns;
  readonly #topic: ClusterTopic;
  readonly #partition: number;
  readonly #isolation: Isolation;
  readonly #signal: AbortSignal;

  /** @param signal aborted when nobody waits any longer */
  constructor(
    door: Door,
    turns: FetchTurns,
    { topic, partition, isolation }: { topic: ClusterTopic; partition: number; isolation: Isolation },
    signal: AbortSignal,
  ) {
    this.#door = door;
    this.#turns = turns;
    this.#topic = topic;
    this.#partition = partition;
    this.#isolation = isolation;
    this.#signal = signal;
  }

  /**
   * Reads on until the limits or the end of what may be read; waits for the first record alone. None at all after
   * `waitMs`, or when the signal is aborted. What fails after some records is left to the next read.
   *
   * @throws KafkaError OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION, or what keeps the partition from being read
   */
  async read({ from, limits, waitMs }: ReadSpec): Promise<ReadRecords> {
    const first = await this.#firstRecords(from, limits, waitMs);
    const records = [...first.records];
    let { sizeBytes, nextOffset, highWatermark } = first;
    while (records.length > 0 && nextOffset < highWatermark && !this.#signal.aborted) {
      const room = { ...limits, records: limits.records - records.length, bytes: limits.bytes - sizeBytes };
      const more = room.records > 0 && room.bytes > 0 ? await this.#moreRecords(nextOffset, room) : undefined;
      if (more === undefined) break;
      for (const record of more.records) records.push(record);
      sizeBytes += more.sizeBytes;
      ({ nextOffset, highWatermark } = more);
    }
    return { records, nextOffset, highWatermark };
  }

  async #firstRecords(from: number, limits: RecordLimits, waitMs: number): Promise<Fetched> {
    const { clock } = this.#door;
    const untilMs = clock.steadyMs() + waitMs;
    for (let at = from; ; ) {
      const startMs = clock.steadyMs();
      const fetched = await this.#fetch(at, limits, Math.ceil(Math.max(0, untilMs - startMs)));
      const isAtEnd = fetched.nextOffset === at || fetched.nextOffset >= fetched.highWatermark;
      const isOver = isAtEnd && clock.steadyMs() >= untilMs;
      if (fetched.records.length > 0 || isOver || this.#signal.aborted) return fetched;
      if (isAtEnd) await this.#noSoonerThan(startMs + this.#door.limits.retryDelayMs);
      at = fetched.nextOffset;
    }
  }

  /** A leader that answers nothing, and does so at once, is not asked again at once. */
  async #noSoonerThan(steadyMs: number): Promise<void> {
    await nextView(this.#door, steadyMs - this.#door.clock.steadyMs(), this.#signal);
  }

  /** What fits into the room that is left; undefined where that is nothing, or nothing could be read. */
  async #moreRecords(from: number, room: RecordLimits): Promise<Fetched | undefined> {
    try {
      const more = await this.#fetch(from, room, 0);
      return more.nextOffset > from && more.sizeBytes <= room.bytes ? more : undefined;
    } catch (thrown) {
      if (thrown instanceof KafkaError) return undefined;
      throw thrown;
    }
  }

  /** Retries for as long as the read may wait, and a request's time beyond. */
  #fetch(from: number, limits: RecordLimits, waitMs: number): Promise<Fetched> {
    const patience = patienceOf(this.#door, waitMs + this.#door.limits.requestTimeoutMs, this.#signal);
    return untilDone(this.#door, patience, () =>
      readOnly(async (): Promise<Attempt<Fetched>> => {
        const led = leaderNow(this.#door, this.#topic, this.#partition);
        if ('kind' in led) return led;
        const turn = this.#turns.run(led.leader, waitMs, this.#signal, (turnMs) =>
          this.#ask(led, from, limits, turnMs),
        );
        const answer = await orAborted(turn, this.#signal);
        if (answer === undefined) return done(nothingAt(from));
        return answer instanceof KafkaError
          ? againIfRetriable(answer)
          : done(recordsFetched(answer, from, limits, this.#isolation));
      }),
    );
  }

  async #ask(
    { leader, topic, partition }: LedPartition,
    from: number,
    limits: RecordLimits,
    waitMs: number,
  ): Promise<FetchedPartition | KafkaError> {
    const maxBytes = limits.bytes + FETCH_SLACK_BYTES;
    const partitions = [{ partition, from, maxBytes }];
    const request = fetchRequest({ topic, isolation: this.#isolation, partitions, maxBytes, waitMs });
    const options = { deadlineMs: waitMs + GRACE_MS, signal: this.#signal };
    const asked = this.#door.requests.ask(leader, 'Fetch', fetchVersion(topic), request, options);
    const { errorCode, responses } = await asked;
    const answer = responses[0]?.partitions[0];
    if (answer === undefined) return errorIn(errorCode) ?? new KafkaError('UNKNOWN_SERVER_ERROR', 'an empty answer');
    return errorOfFetch(answer, from) ?? answer;
  }
}

/** For those who no longer wait. */
const nothingAt = (from: number): Fetched => ({
  records: [],
  sizeBytes: 0,
  nextOffset: from,
  highWatermark: UNKNOWN_HIGH_WATERMARK,
});
