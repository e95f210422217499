/**
 * `meta.properties` of a log directory: whose it is. Java properties (ISO 8859-1); in a ZooKeeper cluster
 *
 *   #
 *   #Sat Nov 21 10:06:02 UTC 2026
 *   broker.id=1
 *   version=0
 *   cluster.id=<22 characters>
 *
 * A broker that once prepared for KRaft also has `directory.id`; other keys are passed over.
 *
 * Source: Kafka's MetaProperties, version 0.
 */
import { type BrokerId, brokerId } from '@barnabas/model';
import { getProperties } from 'properties-file';
import { escapeValue } from 'properties-file/escape';
import type { FileSystem } from '../fs/file-system.ts';
import { MalformedFileError } from '../malformed-file-error.ts';
import { replaceFile } from './atomic-write.ts';
import { readOptional } from './read-optional.ts';

export const META_PROPERTIES = 'meta.properties';

/** Early versions of Kafka wrote less. */
export type MetaProperties = {
  readonly brokerId: BrokerId | undefined;
  readonly clusterId: string | undefined;
};

const MAX_BROKER_ID = 2147483647;

/** Undefined if the file is missing. Rejects with MalformedFileError, or with the system's error. */
export async function readMetaProperties(fs: FileSystem, path: string): Promise<MetaProperties | undefined> {
  const bytes = await readOptional(fs, path);
  return bytes && parseMetaProperties(bytes.toString('latin1'), path);
}

/** Replaces the file; see `replaceFile`. @param nowMs for the comment that says when it was written */
export async function writeMetaProperties(
  fs: FileSystem,
  path: string,
  properties: { readonly brokerId: BrokerId; readonly clusterId: string },
  nowMs: number,
): Promise<void> {
  await replaceFile(fs, path, formatMetaProperties(properties, nowMs));
}

export function formatMetaProperties(
  properties: { readonly brokerId: BrokerId; readonly clusterId: string },
  nowMs: number,
): Buffer {
  const lines = [
    '#',
    `#${javaDate(nowMs)}`,
    `broker.id=${properties.brokerId}`,
    'version=0',
    `cluster.id=${escapeValue(properties.clusterId, true)}`,
    '',
  ];
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** @throws MalformedFileError */
export function parseMetaProperties(text: string, file: string): MetaProperties {
  const properties = propertiesOf(text, file);
  const version = properties.get('version');
  if (version !== '0') {
    const found = version === undefined ? 'there is no version' : `the version is ${version.slice(0, 80)}`;
    throw new MalformedFileError(file, { line: lineOf(text, /^\s*version\b/m) }, `${found}; a ZooKeeper broker's is 0`);
  }
  const id = properties.get('broker.id');
  if (id !== undefined && (!/^\d+$/.test(id) || Number(id) > MAX_BROKER_ID)) {
    throw new MalformedFileError(
      file,
      { line: lineOf(text, /^\s*broker\.id\b/m) },
      'the broker.id is not a number of one',
    );
  }
  return { brokerId: id === undefined ? undefined : brokerId(Number(id)), clusterId: properties.get('cluster.id') };
}

function propertiesOf(text: string, file: string): ReadonlyMap<string, string> {
  try {
    return new Map(Object.entries(getProperties(text)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MalformedFileError(file, { line: lineOf(text, /\\u(?![0-9a-fA-F]{4})/) }, reason, { cause: error });
  }
}

/** The line that has it; the last one where none does. */
function lineOf(text: string, sought: RegExp): number {
  const at = text.search(sought);
  return (at < 0 ? text : text.slice(0, at)).split('\n').length;
}

/** As Java's `Date` prints a time, in UTC: `Sat Nov 21 10:06:02 UTC 2026`. */
function javaDate(nowMs: number): string {
  const [weekday, day, month, year, time] = new Date(nowMs).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
