import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError, type Producer } from '@barnabas/client';
import { AckGaps } from './ack-gaps.ts';
import type { Entry, LaneLedger } from './ledger.ts';

const BURST_RECORDS_MAX = 6;
const PAUSE_MS = 30;

/**
 * Writes to one partition for as long as it runs: a burst of records, then, when each of them is acknowledged or given up,
 * the next one. Ends with `stop`.
 */
export class LaneWriter {
  readonly #ledger: LaneLedger;
  readonly #producer: Producer;
  readonly #gaps = new AckGaps(performance.now());
  readonly #writing: Promise<void>;
  #isRunning = true;
  #acknowledged = 0;

  constructor(ledger: LaneLedger, producer: Producer) {
    this.#ledger = ledger;
    this.#producer = producer;
    this.#writing = this.#write();
  }

  get partition(): number {
    return this.#ledger.lane.partition;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The longest time without an acknowledgement. */
  get longestGapMs(): number {
    return this.#gaps.longestMs(performance.now());
  }

  /** Resolves when the fate of all that was sent is known. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#isRunning) {
      const burst = Array.from({ length: 1 + randomInt(BURST_RECORDS_MAX) }, () => this.#ledger.next());
      await Promise.all(burst.map((entry) => this.#send(entry)));
      if (this.#isRunning) await sleep(PAUSE_MS);
    }
  }

  async #send(entry: Entry): Promise<void> {
    const { topic, partition, producer } = this.#ledger.lane;
    try {
      const { offset } = await this.#producer.send({ topic, partition, key: producer, value: entry.text });
      entry.fate = { type: 'acknowledged', offset: offset < 0 ? undefined : offset };
      this.#acknowledged += 1;
      this.#gaps.acknowledged(performance.now());
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      entry.fate = { type: error.outcome, why: `${error.error}: ${error.message}` };
    }
  }
}
