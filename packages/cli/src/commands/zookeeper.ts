import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../terminal.ts';
import type { StartFlags } from '../zookeeper/start-flags.ts';

const MAX_INT32 = 2 ** 31 - 1;
const MAX_PORT = 65_535;

/** `zookeeper start`: the embedded ZooKeeper server in a process of its own. */
export const registerZooKeeper = (program: Command, terminal: Terminal): void => {
  const zookeeper = program
    .command('zookeeper')
    .description('A ZooKeeper server for one machine.')
    .helpOption('--help', 'print this help')
    .helpCommand(false);
  zookeeper
    .command('start')
    .description('Serve ZooKeeper to any client of it, until SIGINT or SIGTERM.')
    .helpOption('--help', 'print this help')
    .option('--config <zoo.cfg>', "properties of ZooKeeper's own; other options go before them")
    .option(
      '--data-dir <dir>',
      'where transactions and snapshots are kept (default: ~/.local/share/barnabas/zookeeper)',
      notEmpty,
    )
    .option('--in-memory', 'keep nothing on the disk')
    .option('--host <host>', 'the address to listen on (default: 127.0.0.1)', notEmpty)
    .option('--port <port>', 'the port to listen on, 0 for any that is free (default: 2181)', wholeNumber(0, MAX_PORT))
    .option('--tick-time <ms>', 'how exactly sessions expire (default: 2000)', wholeNumber(1, MAX_INT32))
    .option('--log-level <level>', 'the least to log: trace, debug, info, warn, error, fatal or silent', 'info')
    .action(async (flags: StartFlags) => {
      // Not loaded by commands that have no use for it.
      const { startZooKeeper } = await import('../zookeeper/start-zookeeper.ts');
      await startZooKeeper(flags, terminal, () => process.exit());
    });
};

/** Taken for what it is, an empty host is all addresses, and an empty directory the current one. */
const notEmpty = (text: string): string => {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
};

const wholeNumber =
  (least: number, greatest: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= greatest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${greatest}.`);
  };
