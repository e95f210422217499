import { Counter, Histogram, type Registry } from 'prom-client';
import type { BrokerMetrics } from './broker-metrics.ts';
import { TopicCounter } from './topic-counter.ts';

/** From a tenth of a millisecond, which a metadata request takes, to the half minute of a fetch that waits. */
const REQUEST_BUCKETS_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];
/** From a few records to the millions of a log that was never compacted. */
const LOAD_BUCKETS_MS = [1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 60_000];

/**
 * What a broker counts, as Prometheus reads it. Names are those under which Kafka's are known there: the lower-cased names of
 * its MBeans, with `_total` for what only rises.
 */
export class PrometheusMetrics implements BrokerMetrics {
  readonly #isrShrinks: Counter;
  readonly #isrExpands: Counter;
  readonly #failedIsrUpdates: Counter;
  readonly #uncleanElections: Counter;
  readonly #replicationBytesIn: Counter;
  readonly #replicationBytesOut: Counter;
  readonly #bytesIn: TopicCounter;
  readonly #messagesIn: TopicCounter;
  readonly #bytesOut: TopicCounter;
  readonly #failedProduces: TopicCounter;
  readonly #failedFetches: TopicCounter;
  readonly #groupLoads: Histogram;
  readonly #offsetCommits: Counter;
  readonly #requests: Histogram<'request'>;
  readonly #requestSeries = new Map<string, Histogram.Internal<'request'>>();

  constructor(registry: Registry) {
    const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
    const ofTopic = (name: string, help: string) =>
      new TopicCounter(registry, `kafka_server_brokertopicmetrics_${name}_total`, help);
    this.#isrShrinks = counter('kafka_server_replicamanager_isrshrinks_total', 'Replicas taken out of an ISR');
    this.#isrExpands = counter('kafka_server_replicamanager_isrexpands_total', 'Replicas taken into an ISR');
    this.#failedIsrUpdates = counter(
      'kafka_server_replicamanager_failedisrupdates_total',
      'Changes of an ISR that the controller refused',
    );
    this.#uncleanElections = counter(
      'kafka_controller_controllerstats_uncleanleaderelections_total',
      'Leaders elected out of sync',
    );
    this.#replicationBytesIn = counter(
      'kafka_server_brokertopicmetrics_replicationbytesin_total',
      'Bytes fetched from leaders',
    );
    this.#replicationBytesOut = counter(
      'kafka_server_brokertopicmetrics_replicationbytesout_total',
      'Bytes fetched by followers',
    );
    this.#bytesIn = ofTopic('bytesin', 'Bytes produced by clients');
    this.#messagesIn = ofTopic('messagesin', 'Records produced by clients');
    this.#bytesOut = ofTopic('bytesout', 'Bytes fetched by consumers');
    this.#failedProduces = ofTopic('failedproducerequests', 'Batches that were not taken');
    this.#failedFetches = ofTopic('failedfetchrequests', 'Fetches of a partition that failed');
    this.#offsetCommits = counter(
      'kafka_server_groupcoordinatormetrics_offsetcommits_total',
      'Offsets of partitions committed by groups',
    );
    this.#groupLoads = new Histogram({
      name: 'kafka_server_groupcoordinatormetrics_partitionloadtimems',
      help: 'Time that it took to load the groups of a partition, in milliseconds',
      buckets: LOAD_BUCKETS_MS,
      registers: [registry],
    });
    this.#requests = new Histogram({
      name: 'kafka_network_requestmetrics_totaltimems',
      help: 'Time from the arrival of a request to its answer, in milliseconds',
      labelNames: ['request'],
      buckets: REQUEST_BUCKETS_MS,
      registers: [registry],
    });
  }

  isrShrunk(): void {
    this.#isrShrinks.inc();
  }

  isrExpanded(): void {
    this.#isrExpands.inc();
  }

  isrUpdateFailed(): void {
    this.#failedIsrUpdates.inc();
  }

  bytesIn(topic: string, bytes: number, records: number): void {
    this.#bytesIn.add(topic, bytes);
    this.#messagesIn.add(topic, records);
  }

  bytesOut(topic: string, bytes: number): void {
    this.#bytesOut.add(topic, bytes);
  }

  replicationBytesOut(bytes: number): void {
    this.#replicationBytesOut.inc(bytes);
  }

  replicationBytesIn(bytes: number): void {
    this.#replicationBytesIn.inc(bytes);
  }

  produceFailed(topic: string): void {
    this.#failedProduces.add(topic, 1);
  }

  fetchFailed(topic: string): void {
    this.#failedFetches.add(topic, 1);
  }

  requestAnswered(api: string, durationMs: number): void {
    let series = this.#requestSeries.get(api);
    if (series === undefined) {
      series = this.#requests.labels(api);
      this.#requestSeries.set(api, series);
    }
    series.observe(durationMs);
  }

  uncleanLeaderElected(): void {
    this.#uncleanElections.inc();
  }

  groupsLoaded(durationMs: number): void {
    this.#groupLoads.observe(durationMs);
  }

  offsetsCommitted(count: number): void {
    this.#offsetCommits.inc(count);
  }

  /** Drops what was counted for topics that are gone: those who come and go would fill the memory. */
  forgetTopicsBut(isThere: (topic: string) => boolean): void {
    const counters = [this.#bytesIn, this.#messagesIn, this.#bytesOut, this.#failedProduces, this.#failedFetches];
    for (const counter of counters) counter.keepOnly(isThere);
  }
}
