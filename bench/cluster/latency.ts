import { alternate } from '../support/rounds.ts';
import { median } from '../support/statistics.ts';
import { number, printTable, size, spread } from '../support/table.ts';
import { FLUSH_MODES } from './bench-cluster.ts';
import { latencyMs, openLoop } from './load.ts';
import { fullBatch } from './record-batch.ts';
import type { Scale } from './scale.ts';
import { BATCH_BYTES, type Clusters, type Throughputs, throughputKey } from './throughput.ts';
import { WrittenTopic } from './written-topic.ts';

/** What a producer sends that lingers for a few milliseconds. */
const SMALL_BATCH_BYTES = 8 * 1024;

type Case = { readonly recordBytes: number; readonly batchBytes: number; readonly recordsPerSecond: number | 'half' };

/** How long an acknowledgement takes below the most that can be had. */
export async function measureLatency(clusters: Clusters, throughputs: Throughputs, scale: Scale): Promise<void> {
  const { recordsPerSecond } = scale;
  const cases: readonly Case[] = [
    { recordBytes: 100, batchBytes: BATCH_BYTES, recordsPerSecond: 'half' },
    { recordBytes: 1024, batchBytes: BATCH_BYTES, recordsPerSecond: 'half' },
    { recordBytes: 100, batchBytes: BATCH_BYTES, recordsPerSecond },
    { recordBytes: 100, batchBytes: SMALL_BATCH_BYTES, recordsPerSecond },
  ];
  const rows: string[][] = [];
  for (const [at, each] of cases.entries()) rows.push(...(await measureCase(`latency-${at}`, each)));
  const columns = ['record', 'batch', 'log.flush', 'records/s', 'p50 ms', 'p99 ms', 'p99.9 ms'];
  printTable('Latency from the time at which a batch was due', columns, rows);

  async function measureCase(name: string, asked: Case): Promise<string[][]> {
    const batch = fullBatch(asked.recordBytes, asked.batchBytes);
    const topics = {
      group: await WrittenTopic.create(clusters.group, name),
      os: await WrittenTopic.create(clusters.os, name),
    };
    const rateOf = (flush: 'group' | 'os'): number => {
      if (asked.recordsPerSecond !== 'half') return asked.recordsPerSecond;
      return median(throughputs.get(throughputKey(flush, asked.recordBytes)) ?? []) / 2;
    };
    const measure = async (flush: 'group' | 'os'): Promise<readonly number[]> => {
      const perSecond = rateOf(flush) / batch.records;
      const { latencies } = await openLoop(topics[flush].writing(batch), perSecond, scale.latencyMs);
      return [50, 99, 99.9].map((percentile) => latencyMs(latencies, percentile));
    };
    const rounds = await alternate(
      { group: () => measure('group'), os: () => measure('os') },
      scale.rounds,
      scale.rounds,
    );
    for (const topic of Object.values(topics)) await topic.delete();
    return FLUSH_MODES.map((flush) => [
      size(asked.recordBytes),
      size(asked.batchBytes),
      flush,
      number(rateOf(flush)),
      ...[0, 1, 2].map((column) => spread(rounds[flush].map((values) => values[column] ?? Number.NaN))),
    ]);
  }
}
