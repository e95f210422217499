import type { Command } from 'commander';
import { addStartFlags, type ClusterFlags, settingsOf } from '../local-cluster/cluster-flags.ts';
import type { Terminal } from '../terminal.ts';

/** `demo`: a leader is killed, and nothing is lost. */
export const registerDemo = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('demo')
    .description(
      'Feed flights through a replicated topic, kill the leader in the middle, and show that a reader got each of them ' +
        'once and in order. Uses the cluster that runs from the data directory, or one of its own for the time.',
    );
  addStartFlags(command).action(async (flags: ClusterFlags) => {
    const { demo } = await import('../demo/demo.ts');
    await demo(settingsOf(flags), process.env, terminal);
  });
};
