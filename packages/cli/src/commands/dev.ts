import { type Command, Option } from 'commander';
import { addStartFlags, type ClusterFlags, settingsOf } from '../local-cluster/cluster-flags.ts';
import { LOG_LEVELS, type LogLevel } from '../local-cluster/line-logger.ts';
import { startSmall } from '../memory.ts';
import type { Terminal } from '../terminal.ts';

/** `dev`: a cluster in one process, in the foreground. */
export const registerDev = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('dev')
    .description(
      'Run ZooKeeper and brokers in this process, until SIGINT or SIGTERM; a second signal ends it at once.',
    );
  addStartFlags(command)
    .addOption(new Option('--log-level <level>', 'the least to log').choices(LOG_LEVELS).default('warn'))
    .action(async (flags: ClusterFlags & { readonly logLevel: LogLevel }) => {
      // Not loaded by commands that have no use for it.
      startSmall();
      const { dev } = await import('../local-cluster/dev.ts');
      await dev(settingsOf(flags), flags.logLevel, process.env, terminal, () => process.exit());
    });
};
