import { row } from '../row.ts';
import { boolean, int, long, text, words } from '../value-type.ts';

/** How Kafka hands out what it measures; here it is `/metrics` of the HTTP API. */
export const METRICS_ROWS = {
  metricReporters: row({
    broker: [{ name: 'metric.reporters' }],
    type: words,
    default: [],
    dynamic: true,
    honoured: false,
    sentence: 'Java classes that measurements are given to.',
  }),
  metricsNumSamples: row({
    broker: [{ name: 'metrics.num.samples' }],
    type: int({ min: 1 }),
    default: 2,
    dynamic: false,
    honoured: false,
    sentence: 'Samples that a rate is computed from.',
  }),
  metricsSampleWindowMs: row({
    broker: [{ name: 'metrics.sample.window.ms' }],
    type: long({ min: 1 }),
    default: 30_000,
    dynamic: false,
    honoured: false,
    sentence: 'Length of each of them.',
  }),
  metricsRecordingLevel: row({
    broker: [{ name: 'metrics.recording.level' }],
    type: text,
    default: 'INFO',
    dynamic: false,
    honoured: false,
    sentence: 'How much is measured.',
  }),
  kafkaMetricsReporters: row({
    broker: [{ name: 'kafka.metrics.reporters' }],
    type: words,
    default: [],
    dynamic: false,
    honoured: false,
    sentence: 'Java classes that measurements of the older kind are given to.',
  }),
  kafkaMetricsPollingIntervalSecs: row({
    broker: [{ name: 'kafka.metrics.polling.interval.secs' }],
    type: int({ min: 1 }),
    default: 10,
    dynamic: false,
    honoured: false,
    sentence: 'How often those are.',
  }),
  autoIncludeJmxReporter: row({
    broker: [{ name: 'auto.include.jmx.reporter' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: false,
    sentence: 'Whether measurements are shown over JMX.',
  }),
  telemetryMaxBytes: row({
    broker: [{ name: 'telemetry.max.bytes' }],
    type: int({ min: 1 }),
    default: 1_048_576,
    dynamic: false,
    honoured: false,
    sentence: 'Size of the largest set of measurements that a client may push.',
  }),
};
