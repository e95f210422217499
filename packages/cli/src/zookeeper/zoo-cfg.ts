/**
 * ZooKeeper's own configuration file, Java properties:
 *
 *   tickTime=2000
 *   dataDir=/var/lib/zookeeper
 *   clientPort=2181
 *
 * Names, defaults and the meaning of values are those of ZooKeeper 3.8 (its Administrator's Guide, "Configuration
 * Parameters"). `jute.maxbuffer` and `znode.container.checkIntervalMs`, which ZooKeeper takes from Java's command line
 * alone, may stand here, too.
 */
import { FOUR_LETTER_WORDS, type FourLetterWord, isFourLetterWord } from '@barnabas/zookeeper';
import { getProperties } from 'properties-file';
import { UsageError } from '../usage-error.ts';
import type { ServerSettings } from './server-settings.ts';

export type ZooCfg = {
  readonly settings: ServerSettings;
  /** What the file asks for and does not get, in sentences. */
  readonly warnings: readonly string[];
};

/** Of an ensemble, whose members have to agree in time; of no meaning to a single server, and in every sample file. */
const MEANINGLESS = new Set(['initLimit', 'syncLimit', 'standaloneEnabled']);

/** ZooKeeper keeps no fewer snapshots than this, whatever it is told. */
const FEWEST_SNAPSHOTS = 3;

/** A four-letter word, taken for the length of a frame, is more. */
const MAX_FRAME_BYTES = 2 ** 30;

type Reading = { readonly settings: ServerSettings; readonly warning?: string };
type Property = (value: string, name: string) => Reading;

const PROPERTIES: Readonly<Record<string, Property>> = {
  dataDir: (value, name) => ({ settings: { dataDir: notEmpty(value, name) } }),
  clientPort: (value, name) => ({ settings: { port: wholeNumber(value, name, 0, 65_535) } }),
  clientPortAddress: (value, name) => ({ settings: { host: notEmpty(value, name) } }),
  tickTime: (value, name) => ({ settings: { tickTimeMs: wholeNumber(value, name, 1) } }),
  minSessionTimeout: (value, name) => ({ settings: unlessDefault(value, name, 'minSessionTimeoutMs') }),
  maxSessionTimeout: (value, name) => ({ settings: unlessDefault(value, name, 'maxSessionTimeoutMs') }),
  maxClientCnxns: (value, name) => ({ settings: { maxClientConnections: wholeNumber(value, name, 0) } }),
  snapCount: (value, name) => ({ settings: { snapCount: wholeNumber(value, name, 1) } }),
  'autopurge.snapRetainCount': (value, name) => ({
    settings: { snapshotsKept: Math.max(FEWEST_SNAPSHOTS, wholeNumber(value, name, 0)) },
  }),
  'jute.maxbuffer': (value, name) => ({ settings: { maxFrameBytes: wholeNumber(value, name, 1, MAX_FRAME_BYTES) } }),
  'znode.container.checkIntervalMs': (value, name) => ({
    settings: { containerCheckIntervalMs: wholeNumber(value, name, 1) },
  }),
  '4lw.commands.whitelist': words,
  extendedTypesEnabled: (value) => ({ settings: { extendedTypes: value.toLowerCase() === 'true' } }),
  forceSync: (value) => ({ settings: { sync: value === 'no' ? 'none' : 'fsync' } }),
  'DigestAuthenticationProvider.superDigest': (superDigest) => ({ settings: { superDigest } }),
};

/** @throws UsageError where a value is not what its property takes */
export function parseZooCfg(text: string): ZooCfg {
  let settings: ServerSettings = {};
  const warnings: string[] = [];
  for (const [name, untrimmed] of Object.entries(propertiesOf(text))) {
    const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
    if (property === undefined) {
      if (!MEANINGLESS.has(name)) warnings.push(`${name} ${reasonToPassOver(name)}`);
      continue;
    }
    const reading = property(untrimmed.trim(), name);
    settings = { ...settings, ...reading.settings };
    if (reading.warning !== undefined) warnings.push(reading.warning);
  }
  return { settings, warnings };
}

function propertiesOf(text: string): Record<string, string> {
  try {
    return getProperties(text);
  } catch (error) {
    throw new UsageError(`it is no properties file: ${error instanceof Error ? error.message : error}`);
  }
}

function reasonToPassOver(name: string): string {
  if (/^(server|group|weight)\./.test(name)) return 'is passed over: this server stands alone, it joins no ensemble';
  if (name === 'dataLogDir') return 'is passed over: transactions are kept in dataDir, beside the snapshots';
  if (name === 'autopurge.purgeInterval') return 'is passed over: old snapshots go whenever a new one is there';
  if (/^(secureClientPort|ssl)/.test(name)) return 'is passed over: this server speaks no TLS';
  return 'is passed over: this server does not know it';
}

/** Taken for what it is, an empty address is all addresses, and an empty directory the current one. */
function notEmpty(value: string, name: string): string {
  if (value === '') throw new UsageError(`${name} is empty`);
  return value;
}

function wholeNumber(value: string, name: string, least: number, greatest = 2 ** 31 - 1): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= greatest) return number;
  throw new UsageError(`${name} is ${value || 'empty'}; it has to be a whole number from ${least} to ${greatest}`);
}

/** -1 stands for the default, which follows from the tick time. */
function unlessDefault(
  value: string,
  name: string,
  setting: 'minSessionTimeoutMs' | 'maxSessionTimeoutMs',
): ServerSettings {
  return value === '-1' ? {} : { [setting]: wholeNumber(value, name, 1) };
}

/** `srvr` is answered always, as with ZooKeeper: its own scripts need it. */
function words(value: string): Reading {
  const asked = value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (asked.includes('*')) return { settings: { fourLetterWords: FOUR_LETTER_WORDS } };
  const known = new Set<FourLetterWord>(['srvr', ...asked.filter(isFourLetterWord)]);
  const unknown = asked.filter((word) => !isFourLetterWord(word));
  return {
    settings: { fourLetterWords: [...known] },
    ...(unknown.length > 0 && { warning: `4lw.commands.whitelist names ${unknown.join()}, which this server has not` }),
  };
}
