/**
 * The four-letter words: a client sends one instead of a handshake, gets an answer in text and the end of the
 * connection. Words and answers are those of ZooKeeper 3.8 (its Administrator's Guide, "The Four Letter Words").
 */
import { connectionLine } from './connection-line.ts';
import { environment } from './environment.ts';
import { monitor } from './monitor.ts';
import { decimal, hex } from './numbers.ts';
import { openFiles } from './open-files.ts';
import type { ServerView } from './server-view.ts';

const ANSWERS = {
  ruok: () => 'imok',
  isro: () => 'rw',
  srvr: (view: ServerView) => version(view) + summary(view),
  stat: (view: ServerView) => `${version(view)}Clients:\n${connections(view, true)}\n${summary(view)}`,
  cons: (view: ServerView) => `${connections(view, false)}\n`,
  wchs: ({ tree: { dataWatches } }: ServerView) =>
    `${dataWatches.connections} connections watching ${dataWatches.paths} paths\nTotal watches:${dataWatches.total}\n`,
  mntr: (view: ServerView) => monitor(view, openFiles()),
  conf: configuration,
  envi: (view: ServerView) => environment(view.version),
} as const;

export type FourLetterWord = keyof typeof ANSWERS;

/** The words that this server answers if it is allowed to. */
export const FOUR_LETTER_WORDS = Object.keys(ANSWERS) as readonly FourLetterWord[];

/** Those of ZooKeeper that change counters, walk over all that a server holds, or belong to Java. */
const OTHER_WORDS = ['crst', 'dirs', 'dump', 'gtmk', 'hash', 'srst', 'stmk', 'wchc', 'wchp'];

const KNOWN_WORDS: ReadonlySet<string> = new Set([...FOUR_LETTER_WORDS, ...OTHER_WORDS]);

/** Whether a connection that begins with these four letters asks for something, instead of telling a length. */
export function isKnownWord(word: string): boolean {
  return KNOWN_WORDS.has(word);
}

export function isFourLetterWord(word: string): word is FourLetterWord {
  return Object.hasOwn(ANSWERS, word);
}

/** What the server answers to a known word; no more than a refusal to one that is not among the `allowed` ones. */
export function answerTo(word: string, view: ServerView, allowed: ReadonlySet<FourLetterWord>): string {
  if (isFourLetterWord(word) && allowed.has(word)) return ANSWERS[word](view);
  return `${word} is not executed because it is not in the whitelist.\n`;
}

function version(view: ServerView): string {
  return `Zookeeper version: ${view.version}\n`;
}

function connections(view: ServerView, brief: boolean): string {
  return view.connections.map((connection) => `${connectionLine(connection, brief)}\n`).join('');
}

function summary({ traffic, connections, outstandingRequests, tree }: ServerView): string {
  const { minMs, averageMs, maxMs } = traffic.latency;
  const lines = [
    `Latency min/avg/max: ${minMs}/${decimal(averageMs)}/${maxMs}`,
    `Received: ${traffic.packetsReceived}`,
    `Sent: ${traffic.packetsSent}`,
    `Connections: ${connections.length}`,
    `Outstanding: ${outstandingRequests}`,
    `Zxid: ${hex(tree.lastZxid)}`,
    'Mode: standalone',
    `Node count: ${tree.znodes}`,
  ];
  return `${lines.join('\n')}\n`;
}

function configuration({ config }: ServerView): string {
  const dataDir = config.dataDir ?? '<in memory>';
  const entries = {
    clientPort: config.port,
    clientPortAddress: config.host,
    dataDir,
    dataLogDir: dataDir,
    tickTime: config.tickTimeMs,
    maxClientCnxns: config.maxClientConnections,
    minSessionTimeout: config.minSessionTimeoutMs,
    maxSessionTimeout: config.maxSessionTimeoutMs,
  };
  return Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
