import type { Clock, Random, Scheduler } from '@barnabas/model';
import { type ClusterDescription, describeCluster } from './admin/cluster.ts';
import { Topics } from './admin/topics.ts';
import type { BackOffLimits } from './http/back-off.ts';
import type { Door } from './http/door.ts';
import type { Link } from './http/link.ts';
import { Servers } from './http/servers.ts';
import { UndiciDoor } from './http/undici-door.ts';
import { SYSTEM_PORTS } from './ports.ts';
import { PartitionCounts } from './producer/partition-counts.ts';
import { Producer, type ProducerOptions } from './producer/producer.ts';
import { Reader, type ReaderOptions } from './reader/reader.ts';

export type ClientOptions = {
  /** Brokers of one cluster, such as `http://127.0.0.1:8081`; any of them will do, and the more, the better. */
  readonly servers: readonly string[];
  /** How long one request may take before another server is asked; 10,000 by default. */
  readonly requestTimeoutMs?: number;
  /** Between attempts, once all servers have been asked: from 50 ms, doubling up to 1 s, by default. */
  readonly backOff?: BackOffLimits;
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
  readonly random?: Random;
  /** Instead of HTTP over sockets. */
  readonly door?: Door;
};

const REQUEST_TIMEOUT_MS = 10_000;
const BACK_OFF: BackOffLimits = { shortestMs: 50, longestMs: 1000 };

/** @throws TypeError where `servers` is empty or names what is no URL */
export function createClient(options: ClientOptions): Client {
  return new Client(options);
}

/**
 * A client of one cluster, over HTTP. It keeps connections; `close` ends them, and with them all that is under way.
 */
export class Client {
  readonly topics: Topics;
  readonly #link: Link;
  readonly #closing = new AbortController();
  readonly #counts: PartitionCounts;

  constructor({ servers, requestTimeoutMs = REQUEST_TIMEOUT_MS, backOff = BACK_OFF, door, ...given }: ClientOptions) {
    const ports = { ...SYSTEM_PORTS, ...given };
    this.#link = {
      door: door ?? new UndiciDoor(ports.scheduler),
      servers: new Servers(servers, ports.clock),
      ports,
      backOff,
      requestTimeoutMs,
      closed: this.#closing.signal,
    };
    this.topics = new Topics(this.#link);
    this.#counts = new PartitionCounts(this.#link, this.topics);
  }

  /** The cluster's id, its controller and its brokers that are up. */
  cluster(): Promise<ClusterDescription> {
    return describeCluster(this.#link);
  }

  producer(options?: ProducerOptions): Producer {
    return new Producer(this.#link, this.#counts, options);
  }

  reader(options: ReaderOptions): Reader {
    return new Reader(this.#link, options);
  }

  /** Ends what is under way: readers end, and of records that are not acknowledged the outcome is what is known of it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link.door.close();
  }
}
