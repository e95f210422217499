import type { BrokerProcess } from '../../support/cluster/broker-process.ts';
import { until } from '../../support/until.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Load } from '../load/load.ts';
import { PARTITIONS, type Scene } from '../support/scene.ts';
import { auditPartition, type Finding } from './audit.ts';
import { readAll } from './read-partition.ts';
import { firstDifference, recordsIn, replicaBytes } from './replica-bytes.ts';

const LEAD_MAX_MS = 30_000;
const NUMBERS = Array.from({ length: PARTITIONS }, (_, partition) => partition);

/**
 * What is wrong with the topic that was written to last, as each broker reads it when it leads all of it; and with all topics
 * as they are on the disks when all brokers are stopped, where replicas must be the same byte for byte. All run again
 * afterwards, and are in sync.
 */
export async function auditReplicas(
  scene: Scene,
  ledgers: readonly Ledger[],
  loads: readonly Load[],
): Promise<Finding[]> {
  const { brokers } = scene.cluster;
  const findings: Finding[] = [];
  for (const ledger of ledgers.slice(-1)) {
    for (const broker of brokers) findings.push(...(await auditLedBy(broker, scene, ledger, loads)));
  }
  for (const broker of brokers) await broker.stop();
  findings.push(...ledgers.flatMap((ledger) => auditDisks(brokers, ledger)));
  await startAll(scene, ledgers);
  return findings;
}

async function auditLedBy(
  broker: BrokerProcess,
  scene: Scene,
  ledger: Ledger,
  loads: readonly Load[],
): Promise<Finding[]> {
  const others = scene.cluster.brokers.filter((other) => other !== broker);
  await Promise.all(others.map((other) => other.stop()));
  await whenLeadingAll(scene, ledger.topic, broker);
  // Alone it may not show what was acknowledged last: its high watermark waits for min.insync.replicas.
  await startAll(scene, [ledger]);
  const findings = await auditAsRead(broker, ledger, loads);
  await whenLeadingAll(scene, ledger.topic, broker);
  return findings;
}

async function startAll({ cluster }: Scene, ledgers: readonly Ledger[]): Promise<void> {
  for (const broker of cluster.brokers) if (!broker.isRunning) broker.start();
  await cluster.whenReady();
  for (const { topic } of ledgers) await cluster.whenInSync(topic);
}

async function whenLeadingAll({ witness }: Scene, topic: string, { id }: BrokerProcess): Promise<void> {
  await until(`broker ${id} leads all of ${topic}`, LEAD_MAX_MS, async () => {
    const states = await witness.partitions(topic, PARTITIONS);
    return states.every(({ leader }) => leader === id) ? true : undefined;
  });
}

async function auditAsRead(broker: BrokerProcess, ledger: Ledger, loads: readonly Load[]): Promise<Finding[]> {
  const ends = NUMBERS.map((partition) => ledger.endOf(partition));
  const partitions = await readAll(broker, ledger.topic, ends);
  const findings = partitions.flatMap((records, partition) => [
    ...auditPartition(ledger, partition, records),
    ...loads.flatMap((load) => load.auditReaders(partition, records)),
  ]);
  return findings.map(({ kind, what }) => ({ kind, what: `read from broker ${broker.id}: ${what}` }));
}

function auditDisks(brokers: readonly BrokerProcess[], ledger: Ledger): Finding[] {
  return NUMBERS.flatMap((partition): Finding[] => {
    const topicPartition = { topic: ledger.topic, partition };
    const [first = Buffer.alloc(0), ...others] = brokers.map(({ dataDir }) => replicaBytes(dataDir, topicPartition));
    const differences = others.flatMap((other, index): Finding[] => {
      const at = firstDifference(first, other);
      if (at === undefined) return [];
      const what = `${ledger.topic}-${partition}: brokers 1 and ${index + 2} differ from byte ${at} on`;
      return [{ kind: 'different', what: `${what}, of ${first.length} and ${other.length}` }];
    });
    const asWritten = auditPartition(ledger, partition, recordsIn(first));
    return [...differences, ...asWritten.map(({ kind, what }) => ({ kind, what: `on the disk of broker 1: ${what}` }))];
  });
}
