import { type Client, createClient } from '@barnabas/client';
import { until } from '../../support/until.ts';
import type { Finding, Found } from '../audit/audit.ts';
import { LaneWriter } from './lane-writer.ts';
import type { Ledger } from './ledger.ts';
import { TailReader } from './tail-reader.ts';

const PRODUCERS = 2;
/** A server that is halted is given up after that. */
const REQUEST_TIMEOUT_MS = 2000;
const FLOWS_MAX_MS = 60_000;

export type LoadOptions = {
  readonly restUrls: readonly string[];
  readonly ledger: Ledger;
  readonly partitions: number;
  /** A name that no other load of this ledger has. */
  readonly name: string;
};

/**
 * Two idempotent producers that write to every partition, and a reader of each. Starts with the constructor and ends with
 * `stop`.
 */
export class Load {
  readonly #ledger: Ledger;
  readonly #clients: readonly Client[];
  readonly #writers: readonly LaneWriter[];
  readonly #tails: readonly TailReader[];

  constructor({ restUrls, ledger, partitions, name }: LoadOptions) {
    const numbers = Array.from({ length: partitions }, (_, partition) => partition);
    const client = (): Client => createClient({ servers: restUrls, requestTimeoutMs: REQUEST_TIMEOUT_MS });
    const reading = client();
    const writing = Array.from({ length: PRODUCERS }, client);
    this.#ledger = ledger;
    this.#clients = [reading, ...writing];
    this.#tails = numbers.map((number) => new TailReader(reading, ledger.topic, number, ledger.endOf(number)));
    this.#writers = writing.flatMap((it, index) => {
      const producer = it.producer();
      return numbers.map((number) => new LaneWriter(ledger.open(number, `${name}/${index}`), producer));
    });
  }

  /** Of all records that it has written. */
  get acknowledged(): number {
    return this.#writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /** The longest time that a producer has waited for an acknowledgement of a partition. */
  get longestGapMs(): number {
    return Math.max(...this.#writers.map(({ longestGapMs }) => longestGapMs));
  }

  /** Resolves when something more was acknowledged to every writer, and something more read by every reader. */
  async flows(maxMs = FLOWS_MAX_MS): Promise<void> {
    const counts = (): number[] => [
      ...this.#writers.map(({ acknowledged }) => acknowledged),
      ...this.#tails.map(({ count }) => count),
    ];
    const before = counts();
    await until('every partition is written to and read', maxMs, async () => {
      return counts().every((count, index) => count > (before[index] ?? 0)) ? true : undefined;
    });
  }

  /** Resolves when the fate of all records is known, and they have been read. */
  async stop(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.stop()));
    await Promise.all(this.#tails.map((tail, partition) => tail.finish(this.#ledger.endOf(partition))));
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  /** What its readers have read that is not in the partition. */
  auditReaders(partition: number, records: readonly Found[]): Finding[] {
    return this.#tails[partition]?.audit(records) ?? [];
  }
}
