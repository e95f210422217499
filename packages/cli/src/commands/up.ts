import type { Command } from 'commander';
import { addStartFlags, type ClusterFlags, settingsOf } from '../local-cluster/cluster-flags.ts';
import type { Terminal } from '../terminal.ts';

/** `up`: a cluster of processes that stay. */
export const registerUp = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('up')
    .description(
      'Start ZooKeeper and brokers as processes of their own, those that do not run yet, and wait for them.',
    );
  addStartFlags(command).action(async (flags: ClusterFlags) => {
    const { up } = await import('../local-cluster/up.ts');
    await up(settingsOf(flags), process.env, terminal);
  });
};
