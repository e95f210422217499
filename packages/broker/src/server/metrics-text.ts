import { collectDefaultMetrics, Registry } from 'prom-client';
import { BrokerGauges, type BrokerState } from '../metrics/broker-gauges.ts';
import { PrometheusMetrics } from '../metrics/prometheus-metrics.ts';

/** How often the event loop is looked at; a broker that does nothing should do little. */
const EVENT_LOOP_PRECISION_MS = 100;

/** What a server counts and shows: the broker's, and those of its process. */
export class ServerMetrics {
  readonly counters: PrometheusMetrics;
  readonly #registry = new Registry();
  readonly #gauges: BrokerGauges;

  constructor() {
    this.counters = new PrometheusMetrics(this.#registry);
    this.#gauges = new BrokerGauges(this.#registry);
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  }

  /** The text of `/metrics`. */
  text(state: BrokerState): Promise<string> {
    this.counters.forgetTopicsBut((topic) => state.image.topics.has(topic));
    this.#gauges.show(state);
    return this.#registry.metrics();
  }
}
