/**
 * `process.json` in the directory of a server that `up` has started:
 *
 *   {"pid":123,"started":"4711 of <boot id>","command":"node .../barnabas.js server ...","args":["server",...],"url":"http://127.0.0.1:8081"}
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessMark } from './process-mark.ts';

export type StartedProcess = ProcessMark & {
  /** What it was started with. */
  readonly args: readonly string[];
  /** Stands for what it was given in the environment; empty for nothing. */
  readonly variables?: string;
  /** Where it serves HTTP, if it does. */
  readonly url?: string | undefined;
};

const fileIn = (directory: string): string => join(directory, 'process.json');

/** The process that was started last in `directory`, if it is alive. */
export function runningProcess(directory: string): StartedProcess | undefined {
  const noted = read(fileIn(directory));
  return noted !== undefined && isAlive(noted) ? noted : undefined;
}

export function noteProcess(directory: string, started: StartedProcess): void {
  const path = fileIn(directory);
  writeFileSync(`${path}.new`, `${JSON.stringify(started)}\n`);
  renameSync(`${path}.new`, path);
}

export function forgetProcess(directory: string): void {
  rmSync(fileIn(directory), { force: true });
}

/** What cannot be read names no process that could be ours. */
function read(path: string): StartedProcess | undefined {
  try {
    const noted: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isStartedProcess(noted) ? noted : undefined;
  } catch {
    return undefined;
  }
}

function isStartedProcess(value: unknown): value is StartedProcess {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isInteger(value.pid) &&
    'started' in value &&
    typeof value.started === 'string' &&
    'command' in value &&
    typeof value.command === 'string' &&
    'args' in value &&
    Array.isArray(value.args) &&
    (!('url' in value) || typeof value.url === 'string')
  );
}
