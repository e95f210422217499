import type { TopicPartition } from '@barnabas/model';
import { ClientClosedError, ClientError } from '../client-error.ts';
import type { Link } from '../http/link.ts';
import { Patience } from '../http/patience.ts';
import type { Route } from '../http/route.ts';
import { type Appended, appendedOf, appendRequest, linesOf } from '../wire/append.ts';
import { failed, type NextStep, nextStep } from './next-step.ts';
import { type BatchLimits, type PendingRecord, PendingRecords } from './pending-records.ts';
import type { ProducerIds } from './producer-ids.ts';
import type { RecordMetadata } from './producer-record.ts';
import { advanced, firstSequence, inNextEpoch, type Sequence } from './sequence.ts';

export type SenderLimits = BatchLimits & { readonly lingerMs: number };

/**
 * Sends the records of one partition, in the order in which they were added: one batch at a time, each until it is
 * acknowledged, refused, or out of time. What is added meanwhile makes the next batch.
 *
 * Invariant: a batch that may have been appended is sent again only under the numbers that it had. Where it is given up, the
 * partition goes on in the next epoch, so that what is left of it on its way is refused.
 */
export class PartitionSender {
  readonly #partition: TopicPartition;
  readonly #link: Link;
  readonly #route: Route;
  readonly #ids: ProducerIds;
  readonly #limits: SenderLimits;
  readonly #pending: PendingRecords;
  #sequence: Sequence | undefined;
  /** The shared id is no longer of use here. */
  #needsOwnId = false;
  #idle = true;
  #endLinger: () => void = () => {};

  constructor(partition: TopicPartition, link: Link, route: Route, ids: ProducerIds, limits: SenderLimits) {
    this.#partition = partition;
    this.#link = link;
    this.#route = route;
    this.#ids = ids;
    this.#limits = limits;
    this.#pending = new PendingRecords(limits);
  }

  add(pending: PendingRecord): void {
    this.#pending.add(pending);
    if (this.#pending.isFull) this.#endLinger();
    if (!this.#idle) return;
    this.#idle = false;
    // Nothing in it throws: failures go to whoever waits for the records.
    void this.#sendAll();
  }

  /** Waits for no more company. */
  hurry(): void {
    this.#endLinger();
  }

  async #sendAll(): Promise<void> {
    while (!this.#pending.isEmpty) {
      await this.#linger();
      const batch = this.#withoutExpired(this.#pending.take());
      if (batch.length > 0) await this.#settle(batch);
    }
    this.#idle = true;
  }

  /** At least the turn of whoever adds, so that all that is added in one goes out together. */
  async #linger(): Promise<void> {
    if (this.#limits.lingerMs === 0 || this.#pending.isFull || this.#link.closed.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = this.#link.ports.scheduler.after(this.#limits.lingerMs, resolve);
      this.#endLinger = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#endLinger = () => {};
  }

  #withoutExpired(batch: PendingRecord[]): PendingRecord[] {
    const nowMs = this.#link.ports.clock.steadyMs();
    return batch.filter(({ deadlineMs, reject }) => {
      if (deadlineMs > nowMs) return true;
      const message = 'the records before it took all the time that it had; it was not sent';
      reject(new ClientError('REQUEST_TIMED_OUT', message, { outcome: 'refused', isRetriable: true }));
      return false;
    });
  }

  async #settle(batch: PendingRecord[]): Promise<void> {
    try {
      const metadata = await this.#deliver(batch);
      batch.forEach(({ resolve }, index) => {
        resolve(metadata(index));
      });
    } catch (error) {
      if (isTooLarge(error) && batch.length > 1) return await this.#settleHalves(batch);
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of batch) reject(reason);
    }
  }

  /** The topic takes smaller batches than we make, and has appended nothing of this one: its numbers are free. */
  async #settleHalves(batch: PendingRecord[]): Promise<void> {
    const middle = batch.length >> 1;
    await this.#settle(batch.slice(0, middle));
    await this.#settle(batch.slice(middle));
  }

  /** Answers what is known of each record once all are acknowledged. */
  async #deliver(batch: PendingRecord[]): Promise<(index: number) => RecordMetadata> {
    const lines = linesOf(batch.map(({ record }) => record));
    const timeoutMs = (batch[0]?.deadlineMs ?? 0) - this.#link.ports.clock.steadyMs();
    const patience = new Patience(this.#link, this.#route, { timeoutMs, signal: this.#link.closed });
    let mayHaveHappened = false;
    for (;;) {
      try {
        const appended = await this.#attempt(lines, batch.length, patience);
        return (index) => appended[index] ?? this.#forgotten(batch, index);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        const step = nextStep(error, mayHaveHappened);
        mayHaveHappened ||= error.outcome === 'unknown';
        this.#renumber(step, batch.length);
        if (step.batch === 'acknowledged') return (index) => this.#forgotten(batch, index);
        if (step.batch === 'failed') throw mayHaveHappened ? error.with({ outcome: 'unknown' }) : error;
        await this.#again(error, patience, mayHaveHappened, batch.length);
      }
    }
  }

  async #attempt(lines: string, count: number, patience: Patience): Promise<readonly Appended[]> {
    this.#sequence ??= firstSequence(
      this.#needsOwnId ? await this.#ids.fresh(this.#route, patience) : await this.#ids.shared(this.#route, patience),
    );
    const sequence = this.#sequence;
    const timeoutMs = patience.requestTimeoutMs;
    const request = appendRequest(this.#partition, lines, sequence, timeoutMs);
    const response = await this.#route.send(request, { timeoutMs, signal: this.#link.closed });
    const appended = appendedOf(response, this.#partition, count);
    this.#sequence = advanced(sequence, count);
    return appended;
  }

  async #again(error: ClientError, patience: Patience, mayHaveHappened: boolean, count: number): Promise<void> {
    try {
      await patience.afterFailure(error.with({ isRetriable: true }));
    } catch {
      this.#renumber(failed(mayHaveHappened), count);
      if (this.#link.closed.aborted) throw new ClientClosedError(mayHaveHappened ? 'unknown' : 'refused');
      throw mayHaveHappened ? error.with({ outcome: 'unknown' }) : error;
    }
  }

  #renumber({ batch, numbers }: NextStep, count: number): void {
    if (this.#sequence === undefined) return;
    if (batch === 'acknowledged') this.#sequence = advanced(this.#sequence, count);
    if (numbers === 'epoch') this.#sequence = inNextEpoch(this.#sequence);
    if (numbers === 'id') this.#sequence = undefined;
    this.#needsOwnId ||= this.#sequence === undefined;
  }

  /** The cluster has it, and no longer knows where. */
  #forgotten(batch: PendingRecord[], index: number): RecordMetadata {
    const timestamp = batch[index]?.record.timestamp ?? -1;
    return { partition: this.#partition.partition, offset: -1, timestamp };
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ClientError && error.error === 'MESSAGE_TOO_LARGE' && error.outcome === 'refused';
}
