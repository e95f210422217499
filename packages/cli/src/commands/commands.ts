import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { registerDemo } from './demo.ts';
import { registerDev } from './dev.ts';
import { registerDown } from './down.ts';
import { registerDumpLog } from './dump-log.ts';
import { registerServer } from './server.ts';
import { registerUp } from './up.ts';
import { registerZooKeeper } from './zookeeper.ts';

/** Adds a command, with its options and what it does, to the program. */
export type RegisterCommand = (program: Command, terminal: Terminal) => void;

/** In the order of the help. A new command is a file beside this one and a line here. */
export const COMMANDS: readonly RegisterCommand[] = [
  registerUp,
  registerDown,
  registerDev,
  registerDemo,
  registerServer,
  registerZooKeeper,
  registerDumpLog,
];
