import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../command-error.ts';
import { noteProcess } from './process-file.ts';
import { markOf } from './process-mark.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/barnabas.js', import.meta.url));

export type Launch = {
  /** Where its log and the note about it go; made if it is missing. */
  readonly directory: string;
  /** Of `barnabas`. */
  readonly args: readonly string[];
  /** Stands in the note for what the environment gives it. */
  readonly variables: string;
  /** Where it will serve HTTP, if it does. */
  readonly url: string | undefined;
};

export type Launched = {
  readonly pid: number;
  readonly log: string;
  /** Where what this process writes begins in the log. */
  readonly logStart: number;
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  /** It ends together with nobody, and nobody waits for it. */
  readonly release: () => void;
};

/** Starts `barnabas` as a process of its own, which stays when this one ends and writes to `log` in its directory. */
export function launch({ directory, args, variables, url }: Launch): Launched {
  mkdirSync(directory, { recursive: true });
  const log = join(directory, 'log');
  const output = openSync(log, 'a');
  const logStart = fstatSync(output).size;
  const child = spawn(process.execPath, [LAUNCHER, ...args], { detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `ended by ${signal}`),
    );
  });
  const { pid } = child;
  if (pid === undefined) throw new CommandError(`${process.execPath} cannot be started`);
  const mark = markOf(pid);
  // One that has ended already needs no note.
  if (mark !== undefined) noteProcess(directory, { ...mark, args, variables, url });
  return { pid, log, logStart, ended, release: () => child.unref() };
}
