import type { TopicPartition } from '@barnabas/model';
import { ClientError } from '../client-error.ts';
import type { Link } from '../http/link.ts';
import { NEW_TOPIC_MS, Patience } from '../http/patience.ts';
import { Route } from '../http/route.ts';
import { type Page, pageOf, readRequest } from '../wire/read.ts';
import type { ReadRecord } from './read-record.ts';
import type { StartPosition } from './start-position.ts';

export type ReaderOptions = TopicPartition & {
  readonly from: StartPosition;
  /** How long a request waits for something to come, up to 30,000; 5,000 by default. */
  readonly waitMs?: number;
  /** Of the records in one answer, up to 8 MiB; 1 MiB by default. One record always comes. */
  readonly maxBytes?: number;
  /** For how long without any answer it keeps trying; 120,000 by default. */
  readonly retryTimeoutMs?: number;
  /** Aborting it ends the reading, as `close` does. */
  readonly signal?: AbortSignal;
};

const DEFAULTS = { waitMs: 5000, maxBytes: 1024 * 1024, retryTimeoutMs: 120_000 };

/**
 * Reads a partition from somewhere on, for as long as it is asked for more: every record once, in the order of offsets,
 * whatever happens to servers and connections meanwhile. It asks for the offset after the last one that it got, from any
 * server: no single one is believed that there is nothing new, or that an offset is out of range. Read by one loop at a time; a second one goes on where the first one ended.
 *
 *   for await (const record of client.reader({ topic, partition: 0, from: 'earliest' })) ...
 *
 * Where it cannot go on, the loop throws ClientError: OFFSET_OUT_OF_RANGE where what comes next has been deleted, or what
 * the servers answered when `retryTimeoutMs` had passed.
 */
export class Reader implements AsyncIterable<ReadRecord> {
  readonly #link: Link;
  readonly #route: Route;
  readonly #options: ReaderOptions & typeof DEFAULTS;
  readonly #closing = new AbortController();
  readonly #ended: AbortSignal;
  #position: StartPosition;
  /** A server has known the topic. */
  #isKnown = false;

  constructor(link: Link, options: ReaderOptions) {
    this.#link = link;
    this.#route = new Route(link, options.partition);
    this.#options = { ...DEFAULTS, ...options };
    this.#position = options.from;
    const signals = [this.#closing.signal, link.closed, ...(options.signal === undefined ? [] : [options.signal])];
    this.#ended = AbortSignal.any(signals);
  }

  /** The offset of the next record, once it is known. */
  get nextOffset(): number | undefined {
    return typeof this.#position === 'number' ? this.#position : undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReadRecord, void, undefined> {
    for (let page = await this.#page(); page !== undefined; page = await this.#page()) {
      for (const record of page.records) {
        if (this.#ended.aborted) return;
        this.#position = record.offset + 1;
        yield record;
      }
      this.#position = page.nextOffset;
    }
  }

  /** The same by the answers of servers: none of them is empty. For whoever has no use for one promise per record. */
  async *batches(): AsyncGenerator<readonly ReadRecord[], void, undefined> {
    for (let page = await this.#page(); page !== undefined; page = await this.#page()) {
      this.#position = page.nextOffset;
      if (page.records.length > 0) yield page.records;
    }
  }

  /** Ends the loop at its next turn, and the request under way at once. */
  close(): void {
    this.#closing.abort();
  }

  /** The next answer; undefined where reading has been ended. */
  async #page(): Promise<Page | undefined> {
    if (this.#ended.aborted) return undefined;
    const { retryTimeoutMs } = this.#options;
    const unknownTopicMs = this.#isKnown ? retryTimeoutMs : NEW_TOPIC_MS;
    const patience = new Patience(this.#link, this.#route, {
      timeoutMs: retryTimeoutMs,
      signal: this.#ended,
      unknownTopicMs,
    });
    let outOfRange = 0;
    for (;;) {
      try {
        return await this.#ask();
      } catch (error) {
        if (this.#ended.aborted) return undefined;
        if (isOutOfRange(error)) outOfRange += 1;
        // A leader that is cut off from the others has not got what they have acknowledged since.
        if (isOutOfRange(error) && outOfRange < this.#link.servers.count) continue;
        await patience.afterFailure(error).catch((final) => {
          if (!this.#ended.aborted) throw final;
        });
        if (this.#ended.aborted) return undefined;
      }
    }
  }

  async #ask(): Promise<Page> {
    const { topic, partition, waitMs, maxBytes } = this.#options;
    const request = readRequest({ topic, partition }, { position: this.#position, waitMs, maxBytes });
    // A server that waits as long as it was asked to is not late.
    const timeoutMs = this.#link.requestTimeoutMs + waitMs;
    const response = await this.#route.send(request, { timeoutMs, signal: this.#ended });
    const page = pageOf(response, { topic, partition });
    this.#isKnown = true;
    // A leader that is cut off from the others never has anything new, and does not know why.
    if (page.records.length === 0) this.#route.moveOn();
    return page;
  }
}

const isOutOfRange = (error: unknown): boolean => error instanceof ClientError && error.error === 'OFFSET_OUT_OF_RANGE';
