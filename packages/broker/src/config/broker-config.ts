/**
 * How a broker is configured: read from its sources once, checked as a whole, and frozen.
 */
import {
  type BrokerProperties,
  type BrokerSettings,
  InvalidConfigError,
  type LogConfig,
  parseBrokerConfig,
} from '@barnabas/model';
import { isZooKeeperError, parseConnectString } from '@barnabas/zookeeper';
import { BrokerConfigError } from './broker-config-error.ts';
import { knowledgeOf } from './known-properties.ts';
import { type Listener, ListenerError, parseListeners } from './listeners.ts';
import type { SetProperty } from './origin.ts';
import { collectProperties, type PropertySources } from './property-sources.ts';

export type BrokerConfig = {
  readonly properties: BrokerProperties & { readonly zookeeperConnect: string };
  /** What holds for a topic that does not set otherwise. */
  readonly topicDefaults: LogConfig;
  /** In the order of `listeners`; one of them is for peers. */
  readonly listeners: readonly Listener[];
  /** What is set for the broker itself, as it was written, by Kafka's names. */
  readonly set: ReadonlyMap<string, string>;
};

export type ReadConfig = {
  readonly config: BrokerConfig;
  /** Sentences about what is set and changes nothing. */
  readonly warnings: readonly string[];
};

type SetProperties = ReadonlyMap<string, SetProperty>;

/**
 * @param hostName of this machine, for what is advertised
 * @throws BrokerConfigError
 */
export function readBrokerConfig(sources: PropertySources, hostName: string): ReadConfig {
  const found = collectProperties(sources);
  const set = new Map(Array.from(found.values(), ({ name, value }) => [name, value]));
  const { broker, topicDefaults } = withOrigin(found, () => parseBrokerConfig(Object.fromEntries(set)));
  const properties = withOrigin(found, () => checked(broker));
  const listeners = withOrigin(found, () => parseListeners(properties, hostName));
  const config = Object.freeze({ properties, topicDefaults, listeners: Object.freeze(listeners), set });
  return { config, warnings: [...warningsAbout(found), ...doubtsAbout({ broker, topicDefaults })] };
}

/** Adds to an error about a property where that property was set. */
function withOrigin<T>(found: SetProperties, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidConfigError) {
      const problem = error.message.slice(error.property.length + 2);
      throw new BrokerConfigError(error.property, problem, found.get(error.property)?.origin);
    }
    if (error instanceof ListenerError) {
      throw new BrokerConfigError(error.property, error.message, found.get(error.property)?.origin);
    }
    throw error;
  }
}

/** The rules across properties, most of them Kafka's own. */
function checked(properties: BrokerProperties): BrokerConfig['properties'] {
  const { zookeeperConnect, brokerId, brokerIdGenerationEnable, reservedBrokerMaxId, logDirs } = properties;
  if (zookeeperConnect === undefined || zookeeperConnect.trim() === '') {
    throw new InvalidConfigError('zookeeper.connect', 'it has to be set, as zk1:2181,zk2:2181/clusters/a');
  }
  checkConnectString(zookeeperConnect);
  if (brokerId < 0 && !brokerIdGenerationEnable) {
    throw new InvalidConfigError('broker.id', 'it has to be set where broker.id.generation.enable is false');
  }
  if (brokerIdGenerationEnable && brokerId > reservedBrokerMaxId) {
    const rule = `it is at most reserved.broker.max.id, ${reservedBrokerMaxId}, where ids may be generated`;
    throw new InvalidConfigError('broker.id', `${brokerId} is not allowed: ${rule}`);
  }
  if (logDirs.length === 0) throw new InvalidConfigError('log.dirs', 'it has to name a directory');
  return Object.freeze({ ...properties, zookeeperConnect });
}

function checkConnectString(text: string): void {
  try {
    parseConnectString(text);
  } catch (error) {
    if (isZooKeeperError(error, 'BAD_ARGUMENTS')) throw new InvalidConfigError('zookeeper.connect', error.message);
    throw error;
  }
}

/** What is set and not acted upon: one sentence for each reason. */
function warningsAbout(found: SetProperties): string[] {
  const ignored: string[] = [];
  const useless = new Map<string, string[]>();
  const unknown: string[] = [];
  for (const { name } of found.values()) {
    const knowledge = knowledgeOf(name);
    if (knowledge.kind === 'ignored') ignored.push(name);
    if (knowledge.kind === 'useless') useless.set(knowledge.reason, [...(useless.get(knowledge.reason) ?? []), name]);
    if (knowledge.kind === 'unknown') {
      unknown.push(knowledge.nearest === undefined ? name : `${name} (is it ${knowledge.nearest}?)`);
    }
  }
  return [
    ...sentence(ignored, 'known, and not acted upon by this build'),
    ...Array.from(useless, ([reason, names]) => sentence(names, `of no use: ${reason}`)).flat(),
    ...sentence(unknown, 'unknown'),
  ];
}

function sentence(names: readonly string[], what: string): string[] {
  return names.length === 0 ? [] : [`these properties are ${what}: ${names.toSorted().join(', ')}`];
}

/** What is allowed, and hardly meant. */
function doubtsAbout({ broker, topicDefaults }: BrokerSettings): string[] {
  const { minInsyncReplicas } = topicDefaults;
  const { defaultReplicationFactor } = broker;
  if (minInsyncReplicas <= defaultReplicationFactor) return [];
  return [
    `min.insync.replicas is ${minInsyncReplicas}, and default.replication.factor is ${defaultReplicationFactor}: a topic that ` +
      `sets neither asks for no more replicas in sync than the ${defaultReplicationFactor} it has`,
  ];
}
