import { Agent, request } from 'undici';
import { alternate } from '../support/rounds.ts';
import { number, printTable, size, spread } from '../support/table.ts';
import { FLUSH_MODES, type FlushMode } from './bench-cluster.ts';
import { closedLoop, latencyMs } from './load.ts';
import type { Scale } from './scale.ts';
import type { Clusters } from './throughput.ts';
import { PARTITIONS } from './written-topic.ts';

const IN_FLIGHT = 16;
const RECORDS = [1, 100];
const TOPIC = 'rest';

/** Produce over HTTP/1.1: bodies of JSON values, each request to the next broker, whoever leads. */
export async function measureRest(clusters: Clusters, scale: Scale): Promise<void> {
  const agent = new Agent({ connections: IN_FLIGHT, pipelining: 1 });
  for (const flush of FLUSH_MODES) await clusters[flush].createTopic(TOPIC, PARTITIONS);
  const rows: string[][] = [];
  for (const recordBytes of [100, 1024]) {
    for (const records of RECORDS) {
      const body = jsonBody(recordBytes, records);
      const measure = (flush: FlushMode) => postAll(clusters, flush, agent, body, scale.restMs);
      for (const flush of FLUSH_MODES) await postAll(clusters, flush, agent, body, scale.warmUpMs / 3);
      const rounds = await alternate(
        { group: () => measure('group'), os: () => measure('os') },
        scale.rounds,
        scale.rounds,
      );
      for (const flush of FLUSH_MODES) {
        rows.push([
          size(recordBytes),
          number(records),
          flush,
          spread(rounds[flush].map(({ perSecond }) => perSecond)),
          spread(rounds[flush].map(({ perSecond }) => perSecond * records)),
          spread(rounds[flush].map(({ p99Ms }) => p99Ms)),
          spread(rounds[flush].map(({ cpuSeconds }) => cpuSeconds)),
        ]);
      }
    }
  }
  await agent.close();
  for (const flush of FLUSH_MODES) await clusters[flush].deleteTopic(TOPIC);
  const columns = ['record', 'in a request', 'log.flush', 'requests/s', 'records/s', 'p99 ms'];
  const title = `REST: replication factor 3, acks=all, ${IN_FLIGHT} requests under way`;
  printTable(title, [...columns, "brokers' CPU s per million records"], rows);
}

async function postAll(
  clusters: Clusters,
  flush: FlushMode,
  dispatcher: Agent,
  { body, records }: { readonly body: string; readonly records: number },
  durationMs: number,
): Promise<{ perSecond: number; p99Ms: number; cpuSeconds: number }> {
  const cluster = clusters[flush];
  const urls = cluster.processes.restUrls.map((url) => `${url}/v1/topics/${TOPIC}/records`);
  const headers = { 'content-type': 'application/json' };
  const before = cluster.used();
  const { count, seconds, latencies } = await closedLoop(
    async (at) => {
      const url = urls[at % urls.length] ?? '';
      const response = await request(url, { dispatcher, method: 'POST', headers, body });
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${await response.body.text()}`);
      await response.body.dump();
    },
    IN_FLIGHT,
    durationMs,
  );
  const cpuSeconds = (cluster.used().cpuSeconds - before.cpuSeconds) / ((count * records) / 1e6);
  return { perSecond: count / seconds, p99Ms: latencyMs(latencies, 99), cpuSeconds };
}

/** An array is that many values. */
const jsonBody = (recordBytes: number, records: number): { readonly body: string; readonly records: number } => ({
  body: JSON.stringify(Array.from({ length: records }, () => 'x'.repeat(recordBytes - 2))),
  records,
});
