import { join } from 'node:path';
import {
  brokerDir,
  type ClusterSettings,
  connectString,
  HOST,
  kafkaAddress,
  peersPort,
  restPort,
} from './cluster-settings.ts';
import { SESSION_TIMEOUT_MS, SHUTDOWN_RETRY_MS } from './timing.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** As shipped, for a cluster of three or more; a smaller one takes as many as it has. */
const COPIES: ReadonlyMap<string, number> = new Map([
  ['default.replication.factor', 3],
  ['min.insync.replicas', 2],
  ['offsets.topic.replication.factor', 3],
]);

/**
 * What broker `id` is started with beside config/server.properties, each `name=value`. What the environment or an override
 * sets goes before our defaults; where a broker is and what it is called belongs to us.
 */
export function brokerProperties(settings: ClusterSettings, id: number, environment: Environment): string[] {
  const given = new Set(settings.overrides.map((override) => override.split('=', 1)[0] ?? ''));
  const isOpen = (name: string) => !given.has(name) && environment[variableOf(name)] === undefined;
  const defaults = [
    ...Array.from(COPIES, ([name, wanted]): [string, number] => [name, Math.min(wanted, settings.brokers)]),
    ['zookeeper.session.timeout.ms', SESSION_TIMEOUT_MS] as const,
    ['controlled.shutdown.retry.backoff.ms', SHUTDOWN_RETRY_MS] as const,
  ].filter(([name]) => isOpen(name));
  const own: [string, string][] = [
    ['broker.id', `${id}`],
    ['listeners', listenersOf(settings, id)],
    ['log.dirs', join(brokerDir(settings, id), 'partitions')],
    ['zookeeper.connect', connectString(settings)],
  ];
  return [...[...defaults, ...own].map(([name, value]) => `${name}=${value}`), ...settings.overrides];
}

const listenersOf = (settings: ClusterSettings, id: number): string =>
  [
    `KAFKA://${kafkaAddress(settings, id)}`,
    `REST://${HOST}:${restPort(settings, id)}`,
    `PEERS://${HOST}:${peersPort(settings, id)}`,
  ].join();

/** `num.partitions` is `BARNABAS_NUM_PARTITIONS` in the environment. */
const variableOf = (name: string): string => `BARNABAS_${name.replaceAll('.', '_').toUpperCase()}`;
