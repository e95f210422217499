import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { ServerSettings } from './server-settings.ts';
import type { StartFlags } from './start-flags.ts';
import { parseZooCfg, type ZooCfg } from './zoo-cfg.ts';

export type ReadSettings = ZooCfg & {
  /** Why the data directory is the one it is, where nobody named one. */
  readonly notice: string | undefined;
};

/**
 * What the flags and the file that they name come to; a flag goes before the file.
 *
 * @param environment where `XDG_DATA_HOME` may be set
 * @throws UsageError, or the system's error where the file cannot be read
 */
export async function readSettings(
  flags: StartFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadSettings> {
  if (flags.inMemory && flags.dataDir !== undefined)
    throw new UsageError('--in-memory and --data-dir exclude each other');
  const { settings, warnings } = flags.config === undefined ? NOTHING : await readZooCfg(flags.config);
  const merged: ServerSettings = {
    ...settings,
    ...(flags.host !== undefined && { host: flags.host }),
    ...(flags.port !== undefined && { port: flags.port }),
    ...(flags.tickTime !== undefined && { tickTimeMs: flags.tickTime }),
    ...(flags.dataDir !== undefined && { dataDir: flags.dataDir }),
  };
  const { dataDir, ...rest } = merged;
  if (flags.inMemory) return { settings: rest, warnings, notice: undefined };
  if (dataDir !== undefined) return { settings: { ...rest, dataDir: resolve(dataDir) }, warnings, notice: undefined };
  const byDefault = defaultDataDir(environment);
  const notice = `no data directory was named, so it is ${byDefault}`;
  return { settings: { ...rest, dataDir: byDefault }, warnings, notice };
}

const NOTHING: ZooCfg = { settings: {}, warnings: [] };

async function readZooCfg(path: string): Promise<ZooCfg> {
  // As Java reads properties.
  const text = await readFile(path, 'latin1');
  try {
    return parseZooCfg(text);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${path}: ${error.message}`) : error;
  }
}

/** Where programs of a user keep their data (XDG Base Directory Specification). */
function defaultDataDir({ XDG_DATA_HOME }: Readonly<Record<string, string | undefined>>): string {
  return join(XDG_DATA_HOME || join(homedir(), '.local/share'), 'barnabas/zookeeper');
}
