import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { type ConnectOptions, connectSession, packageLinkFactory, type ZooKeeperSession } from '@barnabas/zookeeper';

const CONNECT_MAX_MS = 15_000;

export type ClientPlace = {
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  readonly chroot: string;
  readonly timeoutMs: number;
  /** What watchers and listeners throw. */
  readonly onUncaught: (error: unknown) => void;
};

/** What a session of ours, over the package and on the machine's clock, is made with. */
export const packageClientOptions = ({ servers, ...place }: ClientPlace): ConnectOptions => ({
  ...place,
  links: packageLinkFactory({ servers, clock: systemClock, scheduler: systemScheduler, random: systemRandom }),
  ensemble: servers.map(({ host, port }) => `${host}:${port}`).join(','),
  connectDeadlineMs: CONNECT_MAX_MS,
  clock: systemClock,
  scheduler: systemScheduler,
});

export const openSession = (place: ClientPlace): Promise<ZooKeeperSession> =>
  connectSession(packageClientOptions(place), 1);
