import type { Clock, Random, Scheduler } from '@barnabas/model';
import type { PackageLinkOptions } from './adapter/link-options.ts';
import { packageLinkFactory } from './adapter/package-link-factory.ts';
import type { ConnectOptions } from './session/connect-session.ts';
import { parseConnectString } from './session/connect-string.ts';
import type { SessionLimits } from './session/session-options.ts';

export type EnsembleOptions = Pick<PackageLinkOptions, 'auth' | 'tls' | 'logger'> & {
  /** `zk1:2181,zk2:2181/clusters/a`, as in `zookeeper.connect`. */
  readonly connectString: string;
  /** The session timeout to ask for. Kafka's `zookeeper.session.timeout.ms` is 18000. */
  readonly timeoutMs: number;
  /** How long the first session may take; the session timeout if it is left out, as with Kafka. */
  readonly connectDeadlineMs?: number;
  readonly limits?: Partial<SessionLimits>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Is told what watchers and listeners throw. */
  readonly onUncaught: (error: unknown) => void;
};

/**
 * What `connectSession` and `ZooKeeperClient` want to know of a real ensemble: sessions over node-zookeeper-client.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS for a connect string that is none
 */
export function ensembleOptions(options: EnsembleOptions): ConnectOptions & { readonly random: Random } {
  const { connectString, connectDeadlineMs = options.timeoutMs, ...rest } = options;
  const { servers, chroot } = parseConnectString(connectString);
  const ensemble = connectString.split('/', 1)[0] ?? connectString;
  return { ...rest, connectDeadlineMs, ensemble, chroot, links: packageLinkFactory({ ...options, servers }) };
}
