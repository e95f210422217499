import type { Command } from 'commander';
import { buildProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What `--help` prints of a command, for a page of documentation. */
export type CommandHelp = { readonly name: string; readonly help: string };

const WIDTH = 110;
const SILENT: Terminal = { out: async () => {}, err: () => {} };

/** Of the program, and of each command that does something itself, in the order of the help. */
export const commandHelps = (): CommandHelp[] => {
  const program = buildProgram(SILENT, () => {});
  return [helpOf('barnabas', program), ...program.commands.flatMap((command) => helpsOf('barnabas', command))];
};

const helpsOf = (parent: string, command: Command): CommandHelp[] => {
  const name = `${parent} ${command.name()}`;
  return command.commands.length === 0
    ? [helpOf(name, command)]
    : command.commands.flatMap((subcommand) => helpsOf(name, subcommand));
};

const helpOf = (name: string, command: Command): CommandHelp => {
  command.configureHelp({ helpWidth: WIDTH });
  return { name, help: command.helpInformation().trimEnd() };
};
