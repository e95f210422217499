import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokerProperties } from './broker-properties.ts';
import {
  brokerDir,
  brokerIds,
  type ClusterSettings,
  HOST,
  kafkaPort,
  peersPort,
  restPort,
  restUrl,
  zookeeperDir,
  zookeeperPort,
} from './cluster-settings.ts';
import { propertyVariables } from './property-variables.ts';
import type { WantedPort } from './taken-ports.ts';
import { TICK_TIME_MS } from './timing.ts';

/** One server of a cluster, as a process of its own. */
export type Member = {
  /** As people call it. */
  readonly name: string;
  readonly directory: string;
  /** Of `barnabas`. */
  readonly args: readonly string[];
  /** Stands for the properties that the environment sets. */
  readonly variables: string;
  readonly ports: readonly WantedPort[];
  /** Where to ask whether it is ready; ZooKeeper is where its brokers are. */
  readonly url: string | undefined;
};

export const SERVER_PROPERTIES = fileURLToPath(new URL('../../../../config/server.properties', import.meta.url));

/** ZooKeeper first, where it is ours. */
export function membersOf(settings: ClusterSettings, environment: NodeJS.ProcessEnv): Member[] {
  const brokers = brokerIds(settings).map((id) => brokerMember(settings, id, environment));
  return settings.zookeeperConnect === undefined ? [zookeeperMember(settings), ...brokers] : brokers;
}

function zookeeperMember(settings: ClusterSettings): Member {
  const port = zookeeperPort(settings);
  const directory = zookeeperDir(settings);
  const where = ['--data-dir', join(directory, 'data'), '--host', HOST, '--port', `${port}`];
  return {
    name: 'ZooKeeper',
    directory,
    args: ['zookeeper', 'start', ...where, '--tick-time', `${TICK_TIME_MS}`],
    variables: '',
    ports: [{ port, use: 'ZooKeeper' }],
    url: undefined,
  };
}

export function brokerMember(settings: ClusterSettings, id: number, environment: NodeJS.ProcessEnv): Member {
  const overrides = brokerProperties(settings, id, environment).flatMap((property) => ['--override', property]);
  const name = `broker ${id}`;
  return {
    name,
    directory: brokerDir(settings, id),
    args: ['server', SERVER_PROPERTIES, ...overrides],
    variables: propertyVariables(environment),
    ports: [
      { port: restPort(settings, id), use: `REST of ${name}` },
      { port: kafkaPort(settings, id), use: `Kafka's protocol of ${name}` },
      { port: peersPort(settings, id), use: `the peers of ${name}` },
    ],
    url: restUrl(settings, id),
  };
}
