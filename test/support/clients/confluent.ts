import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/** Debian's packages are of Debian's Python, which need not be the first in PATH. */
export const PYTHON = '/usr/bin/python3';

/** librdkafka, with Confluent's binding for Python. */
export const CONFLUENT = { command: [PYTHON, '-c', 'import confluent_kafka'], packages: ['python3-confluent-kafka'] };

const SCRIPTS = join(import.meta.dirname, '../../clients/confluent');

/** How Python is told to run one of the scripts of test/clients/confluent. */
export const scriptArgs = (script: string, ...args: readonly string[]): string[] => [
  // No directory of compiled modules beside the scripts.
  '-B',
  '-u',
  join(SCRIPTS, `${script}.py`),
  ...args,
];

/** Runs a script to its end. What it has found, which is the last line that it prints. */
export async function runScript(script: string, ...args: readonly string[]): Promise<unknown> {
  const { lines } = await runProgram(PYTHON, scriptArgs(script, ...args));
  return JSON.parse(lines.at(-1) ?? '');
}
