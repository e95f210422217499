import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { describeFailure } from './failure.ts';
import { buildProgram } from './program.ts';
import { OutputError, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const OK = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** How commander marks the ends at which it has answered what was asked for. */
const ANSWERED = new Set(['commander.helpDisplayed', 'commander.version']);

/**
 * Runs the command that `args` (without node and the program's path) ask for, and answers the exit code: 0, 1 for a
 * failure unless the command has a code of its own for it, 2 for wrong usage. An error is one line; with `debug` its stack and causes follow. An output that its reader
 * has closed is no failure.
 */
export const run = async (args: readonly string[], terminal: Terminal, debug = false): Promise<number> => {
  // Commander does not wait for what it prints.
  const answers: string[] = [];
  try {
    const program = buildProgram(terminal, (text) => void answers.push(text));
    await program.parseAsync(args, { from: 'user' }).catch(unlessAnswered);
    await terminal.out(answers.join(''));
    return OK;
  } catch (error) {
    if (error instanceof OutputError && error.isClosed) return OK;
    if (error instanceof CommanderError) return WRONG_USAGE;
    terminal.err(`barnabas: ${describeFailure(error)}`);
    if (debug) terminal.err(inspect(error));
    if (error instanceof CommandError) return error.exitCode;
    return error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
};

const unlessAnswered = (error: unknown): void => {
  if (!(error instanceof CommanderError) || !ANSWERED.has(error.code)) throw error;
};
