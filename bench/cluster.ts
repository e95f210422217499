/** Measures a cluster of three brokers on this machine; see README.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSession } from '../test/support/zookeeper/open-session.ts';
import { ZooKeeperProcess } from '../test/support/zookeeper/zookeeper-process.ts';
import { BenchCluster } from './cluster/bench-cluster.ts';
import { measureControllerMove } from './cluster/controller-move.ts';
import { createLedTopic, measureFailover } from './cluster/failover.ts';
import { measureIdle, residentOf } from './cluster/idle.ts';
import { measureKafka } from './cluster/kafka.ts';
import { measureLatency } from './cluster/latency.ts';
import { measureRest } from './cluster/rest.ts';
import { SCALES } from './cluster/scale.ts';
import { measureShutdown } from './cluster/shutdown.ts';
import { measureStart } from './cluster/start.ts';
import { measureThroughput } from './cluster/throughput.ts';
import { printMachine } from './support/machine.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '../.cache') },
    quick: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    kafka: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});
const scale = SCALES[values.tiny ? 'tiny' : values.quick ? 'quick' : 'full'];

const isWanted = (part: string): boolean => values.only === undefined || values.only.includes(part);
/** Of the brokers that are killed. */
const SESSION_TIMEOUT_MS = 4000;

mkdirSync(values.dir, { recursive: true });
const dir = mkdtempSync(join(values.dir, 'bench-cluster-'));
// The brokers keep their files in the system's temporary directory, which may be on another disk.
process.env.TMPDIR = dir;
const startMs = performance.now();
const zookeeper = await ZooKeeperProcess.start(join(dir, 'zookeeper'));

/** Under load: a cluster for each way of flushing, which take turns. */
async function measureUnderLoad(): Promise<void> {
  const clusters = {
    group: await BenchCluster.start(zookeeper.address, 'group', { 'log.flush': 'group' }),
    os: await BenchCluster.start(zookeeper.address, 'os', { 'log.flush': 'os' }),
  };
  try {
    const atStart = residentOf(clusters.group);
    const throughputs = isWanted('load') ? await measureThroughput(clusters, scale) : undefined;
    if (throughputs !== undefined) await measureLatency(clusters, throughputs, scale);
    if (isWanted('rest')) await measureRest(clusters, scale);
    console.log(
      `\nResident of each broker: ${atStart} when it was ready, ${residentOf(clusters.group)} after all this.`,
    );
  } finally {
    for (const cluster of Object.values(clusters)) await cluster.close();
  }
}

/** Brokers that die and stop. */
async function measureChanges(): Promise<void> {
  const properties = { 'zookeeper.session.timeout.ms': `${SESSION_TIMEOUT_MS}` };
  const cluster = await BenchCluster.start(zookeeper.address, 'changes', properties);
  const session = await openSession(`${zookeeper.address}/bench/changes`);
  try {
    if (isWanted('shutdown')) await measureShutdown(cluster, scale);
    if (isWanted('idle') || isWanted('failover')) await createLedTopic(cluster, scale);
    if (isWanted('idle')) await measureIdle(cluster, scale);
    if (isWanted('failover')) await measureFailover(cluster, session, scale, SESSION_TIMEOUT_MS);
    if (isWanted('controller')) await measureControllerMove(cluster, session, scale);
  } finally {
    await session.close();
    await cluster.close();
  }
}

try {
  printMachine(dir);
  if (isWanted('load') || isWanted('rest')) await measureUnderLoad();
  if (['shutdown', 'idle', 'failover', 'controller'].some(isWanted)) await measureChanges();
  if (isWanted('start')) await measureStart(dir, scale);
  if (values.kafka) await measureKafka(dir, scale);
  console.log(`\nTook ${Math.round((performance.now() - startMs) / 1000)} s.`);
} finally {
  await zookeeper.stop();
  rmSync(dir, { recursive: true });
}
