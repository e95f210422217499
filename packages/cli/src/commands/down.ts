import { resolve } from 'node:path';
import type { Command } from 'commander';
import { dataDirFlag } from '../local-cluster/cluster-flags.ts';
import type { Terminal } from '../terminal.ts';

/** `down`: the end of what `up` has started. */
export const registerDown = (program: Command, terminal: Terminal): void => {
  program
    .command('down')
    .description('Stop what `up` has started: the brokers, then ZooKeeper.')
    .helpOption('--help', 'print this help')
    .addOption(dataDirFlag())
    .action(async ({ dataDir }: { readonly dataDir: string }) => {
      const { down } = await import('../local-cluster/down.ts');
      await down(resolve(dataDir), terminal);
    });
};
