/** What a test may want of a server; all servers of an ensemble get the same. */
export type ServerSettings = {
  /** Session timeouts lie between 2 and 20 ticks, and sessions end at the first whole tick after theirs. */
  readonly tickTimeMs: number;
  /** In place of the 2 ticks and the 20. */
  readonly sessionTimeoutMsMin?: number;
  readonly sessionTimeoutMsMax?: number;
  /** How long a server bears with the silence of its leader, or of a follower, in place of a second. */
  readonly silenceMsMax?: number;
  /** How often containers without children, and znodes past their TTL, are looked for. */
  readonly containerCheckIntervalMs: number;
  /** Waits for the disk before it answers, as it should. Tests that kill no machine are faster without. */
  readonly fsync: boolean;
  /** As it comes, for whoever measures it; else it is started for a short life. */
  readonly forMeasuring?: boolean;
};

/** Where a server and the others of its ensemble listen; a lone server has no `peers`. */
export type ServerPlace = {
  readonly dataDir: string;
  readonly clientHost: string;
  readonly clientPort: number;
  /** `host:port:port` by id, for what servers say to each other. */
  readonly peers: ReadonlyMap<number, string>;
};

/** How long a server waits for others to follow it, or to be taken by the one that it follows. */
const JOIN_MAX_MS = 2_000;
const SILENCE_MAX_MS = 1_000;

/** The text of `zoo.cfg`. */
export const serverConfig = (settings: ServerSettings, place: ServerPlace): string => {
  const { tickTimeMs, silenceMsMax = SILENCE_MAX_MS } = settings;
  const { sessionTimeoutMsMin = 2 * tickTimeMs, sessionTimeoutMsMax = 20 * tickTimeMs } = settings;
  const properties: [string, string | number | boolean][] = [
    ['tickTime', tickTimeMs],
    ['minSessionTimeout', sessionTimeoutMsMin],
    ['maxSessionTimeout', sessionTimeoutMsMax],
    ['dataDir', place.dataDir],
    ['clientPort', place.clientPort],
    ['clientPortAddress', place.clientHost],
    ['maxClientCnxns', 0],
    ['admin.enableServer', false],
    ['4lw.commands.whitelist', '*'],
    ['initLimit', Math.ceil(JOIN_MAX_MS / tickTimeMs)],
    ['syncLimit', Math.ceil(silenceMsMax / tickTimeMs)],
    ...Array.from(place.peers, ([id, address]): [string, string] => [`server.${id}`, address]),
  ];
  return properties.map(([name, value]) => `${name}=${value}\n`).join('');
};

/** What a server takes as properties of the Java machine alone. */
export const serverJvmOptions = (settings: ServerSettings): string[] => [
  '-Dzookeeper.extendedTypesEnabled=true',
  `-Dznode.container.checkIntervalMs=${settings.containerCheckIntervalMs}`,
  `-Dzookeeper.forceSync=${settings.fsync ? 'yes' : 'no'}`,
  ...(settings.forMeasuring === true ? ['-XX:TieredStopAtLevel=4'] : ['-Dzookeeper.preAllocSize=1024']),
];

export const SERVER_CLASS = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
