import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { COMMANDS } from './commands/commands.ts';
import type { Terminal } from './terminal.ts';

/** The command line with all its commands. `answer` gets what was asked for, such as a help text. */
export const buildProgram = (terminal: Terminal, answer: (text: string) => void): Command => {
  const program = new Command('barnabas')
    .description('The classic, ZooKeeper-coordinated Kafka cluster.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: answer,
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: (text, writeError) => writeError(`barnabas: ${plain(text)}`),
    });
  for (const register of COMMANDS) register(program, terminal);
  return program;
};

/** Commander's message without its prefix, and in one line. */
const plain = (text: string): string =>
  text
    .replace(/^error: /, '')
    .trim()
    .replace(/\n+/g, ' ');

/** Of this package. */
const version = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
};
