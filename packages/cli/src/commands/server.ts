import type { Command } from 'commander';
import { startSmall } from '../memory.ts';
import type { ServerFlags } from '../server/server-flags.ts';
import type { Terminal } from '../terminal.ts';

/** `server`: one broker, in a process of its own. */
export const registerServer = (program: Command, terminal: Terminal): void => {
  program
    .command('server')
    .summary(SUMMARY)
    .description(`${SUMMARY}\n${DETAILS}`)
    .argument('[properties]', 'its configuration, such as config/server.properties')
    .helpOption('--help', 'print this help')
    .option('--override <name=value>', 'set a property, as often as you like', collect)
    .option('--log-level <level>', 'the least to log: trace, debug, info, warn, error, fatal or silent', 'info')
    .action(async (file: string | undefined, flags: Omit<ServerFlags, 'file'>) => {
      // Not loaded by commands that have no use for it.
      startSmall();
      const { runServer } = await import('../server/run-server.ts');
      await runServer({ ...flags, file }, terminal, process.env);
    });
};

const SUMMARY = 'Run a broker, until SIGINT or SIGTERM; a second signal ends it at once.';

const collect = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text];

/** The codes of broker's START_FAILURES, which is not loaded for a help text; a test holds them together. */
const DETAILS = `
A property may also be set in the environment, num.partitions as BARNABAS_NUM_PARTITIONS: the command line goes before the environment, and that before the file. Its log is JSON on standard output, a line for each event.

Exit codes:
  0  stopped cleanly
  1  failed while it ran
  2  wrong usage
  3  the configuration is wrong
  4  an address cannot be listened on, or is that of another broker
  5  a log directory is locked, cannot be used or holds damaged files
  6  a log directory belongs to another cluster or broker
  7  the broker id is in use
  8  ZooKeeper cannot be reached, or what it holds cannot be read`;
