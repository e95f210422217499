import { describeFailure } from './failure.ts';
import { run } from './run.ts';
import { OutputError, StreamTerminal } from './terminal.ts';

/** The command line. Never ends the process itself: what is still to be written would be lost. */
const terminal = new StreamTerminal(process.stdout, process.stderr);
process.exitCode = await run(process.argv.slice(2), terminal, Boolean(process.env.BARNABAS_DEBUG));
try {
  await terminal.finish();
} catch (error) {
  // A failure while it ran has been told already.
  const isToBeTold = process.exitCode === 0 && error instanceof OutputError && !error.isClosed;
  if (isToBeTold) {
    terminal.err(`barnabas: ${describeFailure(error)}`);
    process.exitCode = 1;
  }
}
