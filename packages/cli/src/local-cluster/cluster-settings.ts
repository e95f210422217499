/**
 * A cluster on this machine. Broker N serves REST on port 8080 + N, Kafka's protocol on 9090 + N and its peers on 9190 + N.
 * ZooKeeper is on 2181. All of them move by the port offset. Files:
 *
 *   DATA_DIR/zookeeper/{data/, log, process.json}
 *   DATA_DIR/broker-N/{partitions/, log, process.json}
 *
 * `log` and `process.json` are there where `up` has started it as a process of its own.
 */
import { join } from 'node:path';

export type ClusterSettings = {
  readonly brokers: number;
  readonly portOffset: number;
  /** Absolute. */
  readonly dataDir: string;
  /** `host:port,.../chroot` of an ensemble that is there; undefined for a server of our own. */
  readonly zookeeperConnect: string | undefined;
  /** Each `name=value`, for all brokers. */
  readonly overrides: readonly string[];
};

/** More would run into each other's ports. */
export const MOST_BROKERS = 99;
export const MOST_PORT_OFFSET = 65_535 - 9190 - MOST_BROKERS;
export const HOST = '127.0.0.1';

const REST_PORT = 8080;
const KAFKA_PORT = 9090;
const PEERS_PORT = 9190;
const ZOOKEEPER_PORT = 2181;
const CHROOT = '/clusters/local';

export const brokerIds = ({ brokers }: ClusterSettings): number[] => Array.from({ length: brokers }, (_, at) => at + 1);

export const restPort = ({ portOffset }: ClusterSettings, id: number): number => REST_PORT + id + portOffset;
export const kafkaPort = ({ portOffset }: ClusterSettings, id: number): number => KAFKA_PORT + id + portOffset;
export const peersPort = ({ portOffset }: ClusterSettings, id: number): number => PEERS_PORT + id + portOffset;
export const zookeeperPort = ({ portOffset }: ClusterSettings): number => ZOOKEEPER_PORT + portOffset;

export const restUrl = (settings: ClusterSettings, id: number): string => `http://${HOST}:${restPort(settings, id)}`;

/** As clients of Kafka's protocol are told. */
export const kafkaAddress = (settings: ClusterSettings, id: number): string => `${HOST}:${kafkaPort(settings, id)}`;

/** With the chroot. */
export const connectString = (settings: ClusterSettings): string =>
  settings.zookeeperConnect ?? `${HOST}:${zookeeperPort(settings)}${CHROOT}`;

export const zookeeperDir = ({ dataDir }: ClusterSettings): string => join(dataDir, 'zookeeper');
export const brokerDir = ({ dataDir }: ClusterSettings, id: number): string => join(dataDir, `broker-${id}`);
