import { flushCompileCache } from 'node:module';
import {
  DamagedDataDirError,
  DataDirLockedError,
  ServerOptionsError,
  startZooKeeperServer,
  TxnLogFailedError,
  type ZooKeeperServer,
} from '@barnabas/zookeeper';
import { pino } from 'pino';
import { CommandError } from '../command-error.ts';
import { type StopSignal, stopSignal } from '../stop-signal.ts';
import { systemClock, systemRandom, systemScheduler } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { readSettings } from './read-settings.ts';
import type { ServerSettings } from './server-settings.ts';
import type { StartFlags } from './start-flags.ts';

/**
 * Serves until SIGINT or SIGTERM, then shuts down cleanly. One line of results, when it serves; logs as JSON beside them.
 * Rejects where it cannot start, with the disk's error where that fails later, or with UsageError.
 *
 * Where it is asked to stop before it serves, `leave` ends the process: nothing was served that could be lost, and a start
 * may take long, or hang on its disk.
 */
export async function startZooKeeper(flags: StartFlags, terminal: Terminal, leave: () => void): Promise<void> {
  const stop = stopSignal();
  try {
    await serve(flags, terminal, stop.asked, leave);
  } catch (error) {
    throw inWords(error);
  } finally {
    stop.release();
  }
}

async function serve(
  flags: StartFlags,
  terminal: Terminal,
  stop: StopSignal['asked'],
  leave: () => void,
): Promise<void> {
  const { settings, warnings, notice } = await readSettings(flags, process.env);
  const logger = loggerTo(terminal, flags.logLevel);
  for (const warning of warnings) logger.warn({ config: flags.config }, warning);
  if (notice !== undefined) logger.info({ dataDir: settings.dataDir }, notice);
  const starting = startZooKeeperServer({
    ...settings,
    clock: systemClock,
    scheduler: systemScheduler,
    random: systemRandom,
    logger,
  });
  const first = await Promise.race([stop, starting]);
  if (typeof first === 'string') {
    logger.info({ signal: first }, 'stopped before it served');
    leave();
    return;
  }
  await terminal.out(`${servingLine(first, settings)} in ${msSinceProcessStart()} ms\n`);
  // Node does so when a program ends, and a server may be killed.
  flushCompileCache();
  const ending = await Promise.race([stop, first.failed]);
  if (typeof ending === 'string') logger.info({ signal: ending }, 'shutting down');
  await first.close();
  if (ending instanceof Error) throw ending;
}

/** What whoever has started it waits for: Node and the loading of the program, too. */
function msSinceProcessStart(): number {
  return Math.round(performance.now());
}

/** Errors whose messages say all there is to know. */
function inWords(error: unknown): unknown {
  if (error instanceof ServerOptionsError) return new UsageError(error.message, { cause: error });
  const foreseen = [DataDirLockedError, DamagedDataDirError, TxnLogFailedError];
  const isForeseen = error instanceof Error && foreseen.some((kind) => error instanceof kind);
  return isForeseen ? new CommandError(error.message, { cause: error }) : error;
}

function loggerTo(terminal: Terminal, level: string) {
  if (level !== 'silent' && !(level in pino.levels.values)) throw new UsageError(`--log-level: ${level} is no level`);
  return pino({ name: 'zookeeper', level }, { write: (line: string) => terminal.err(line.trimEnd()) });
}

function servingLine({ connectString, recovery }: ZooKeeperServer, { dataDir }: ServerSettings): string {
  const { znodes, sessions, lastZxid, replayedTxns } = recovery;
  const where = dataDir === undefined ? 'in memory' : `from ${dataDir}`;
  const what = `${count(znodes, 'znode')} and ${count(sessions, 'session')} at zxid 0x${lastZxid.toString(16)}`;
  const replayed = replayedTxns === 0 ? '' : `, ${count(replayedTxns, 'transaction')} replayed`;
  return `Serving ZooKeeper on ${connectString}, ${where}: ${what}${replayed}; ready`;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
