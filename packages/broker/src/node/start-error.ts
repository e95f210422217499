import { KafkaError } from '@barnabas/model';
import { LogDirFailedError, LogDirLockedError, MalformedFileError } from '@barnabas/storage';
import { BrokerIdInUseError, MalformedZnodeError, ZooKeeperError } from '@barnabas/zookeeper';
import { BrokerConfigError } from '../config/broker-config-error.ts';
import { SharedEndpointError } from '../coordination/shared-endpoints.ts';

/** Why a broker does not start, and the exit code of a process that was started for it. */
export const START_FAILURES = {
  configuration: { exitCode: 3, meaning: 'the configuration is wrong' },
  address: { exitCode: 4, meaning: 'an address cannot be listened on, or is that of another broker' },
  logDirs: { exitCode: 5, meaning: 'a log directory is locked, cannot be used or holds damaged files' },
  identity: { exitCode: 6, meaning: 'a log directory belongs to another cluster or broker' },
  brokerIdInUse: { exitCode: 7, meaning: 'the broker id is in use' },
  zookeeper: { exitCode: 8, meaning: 'ZooKeeper cannot be reached, or what it holds cannot be read' },
} as const;

export type StartFailure = keyof typeof START_FAILURES;

/** A broker cannot start; the message is one line that says why and what to do. */
export class BrokerStartError extends Error {
  readonly failure: StartFailure;

  constructor(failure: StartFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.failure = failure;
  }

  get exitCode(): number {
    return START_FAILURES[this.failure].exitCode;
  }
}

/** `error` as a BrokerStartError where it is one that is foreseen; anything else as it is. */
export function asStartError(error: unknown): unknown {
  if (error instanceof BrokerStartError || !(error instanceof Error)) return error;
  const found = KINDS.find(([isMeant]) => isMeant(error));
  if (found === undefined) return error;
  const [, failure, remedy] = found;
  return new BrokerStartError(failure, `${error.message}${remedy === '' ? '' : `; ${remedy}`}`, { cause: error });
}

type Kind = readonly [isMeant: (error: Error) => boolean, failure: StartFailure, remedy: string];

const isKafka = (error: Error, name: KafkaError['error']): boolean =>
  error instanceof KafkaError && error.error === name;

/** The first that fits; the more particular ones come first. */
const KINDS: readonly Kind[] = [
  [(error) => error instanceof SharedEndpointError, 'address', ''],
  [(error) => error instanceof BrokerConfigError, 'configuration', ''],
  [
    (error) => error instanceof BrokerIdInUseError,
    'brokerIdInUse',
    'stop that broker, or give this one another broker.id',
  ],
  [
    (error) => isKafka(error, 'INCONSISTENT_CLUSTER_ID'),
    'identity',
    'check zookeeper.connect, or point log.dirs to directories of this cluster',
  ],
  [
    // What the log manager says of a meta.properties with another id.
    (error) => isKafka(error, 'INVALID_CONFIG'),
    'identity',
    'check broker.id, or point log.dirs to directories of this broker',
  ],
  [(error) => error instanceof LogDirLockedError, 'logDirs', 'stop that process, or point log.dirs elsewhere'],
  [(error) => error instanceof LogDirFailedError, 'logDirs', 'check that it is there and may be written'],
  [(error) => error instanceof MalformedFileError, 'logDirs', 'restore or remove that file'],
  [(error) => isKafka(error, 'KAFKA_STORAGE_ERROR'), 'logDirs', ''],
  [(error) => error instanceof MalformedZnodeError, 'zookeeper', ''],
  [(error) => error instanceof ZooKeeperError, 'zookeeper', 'check zookeeper.connect, and that the ensemble runs'],
];
