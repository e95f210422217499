import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import {
  BrokerStartError,
  type PropertySources,
  type RunningServer,
  START_FAILURES,
  startServer,
} from '@barnabas/broker';
import { pino } from 'pino';
import { CommandError } from '../command-error.ts';
import { describeFailure } from '../failure.ts';
import { growUnderLoad } from '../memory.ts';
import { type StopSignal, stopSignal } from '../stop-signal.ts';
import { systemClock, systemRandom, systemScheduler } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { ServerFlags } from './server-flags.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Logger = ReturnType<typeof loggerTo>;

/**
 * Runs a broker until SIGINT or SIGTERM, then stops it cleanly, also while it still starts. Rejects where it cannot start,
 * and with the reason where it fails later.
 */
export async function runServer(flags: ServerFlags, terminal: Terminal, environment: Environment): Promise<void> {
  const stop = stopSignal();
  try {
    const logger = loggerTo(terminal, flags.logLevel);
    const file = await readProperties(flags.file);
    const properties = { file, environment, overrides: flags.override ?? [] };
    const server = await start(properties, logger, stop.asked);
    if (server !== undefined) await serve(server, logger, stop.asked);
    logger.info({}, 'stopped');
  } catch (error) {
    throw inWords(error);
  } finally {
    stop.release();
  }
}

/** undefined where it was asked to stop before it served. */
async function start(
  properties: PropertySources,
  logger: Logger,
  asked: StopSignal['asked'],
): Promise<RunningServer | undefined> {
  const calledOff = new AbortController();
  void asked.then((signal) => {
    logger.info({ signal }, 'stopping');
    calledOff.abort();
  });
  const clockwork = { clock: systemClock, scheduler: systemScheduler, random: systemRandom };
  try {
    return await startServer({ properties, logger, signal: calledOff.signal, ...clockwork });
  } catch (error) {
    if (calledOff.signal.aborted) return undefined;
    throw error;
  }
}

async function serve(server: RunningServer, logger: Logger, asked: StopSignal['asked']): Promise<void> {
  logger.info({ sinceProcessStartMs: Math.round(performance.now()) }, 'ready');
  growUnderLoad();
  // Node does so when a program ends, and a server may be killed.
  flushCompileCache();
  const ending = await Promise.race([asked, server.failed]);
  if (ending instanceof Error) logger.error({ err: ending }, 'failed');
  await server.close();
  if (ending instanceof Error) throw new CommandError(ending.message, { cause: ending });
}

function inWords(error: unknown): unknown {
  if (!(error instanceof BrokerStartError)) return error;
  return new CommandError(error.message, { cause: error, exitCode: error.exitCode });
}

async function readProperties(path: string | undefined): Promise<PropertySources['file']> {
  if (path === undefined) return undefined;
  try {
    // As Java reads properties.
    return { path, text: await readFile(path, 'latin1') };
  } catch (error) {
    throw new CommandError(describeFailure(error), { cause: error, exitCode: START_FAILURES.configuration.exitCode });
  }
}

/** Standard output; a reader that went away is no reason to stop. */
function loggerTo(terminal: Terminal, level: string) {
  if (level !== 'silent' && !(level in pino.levels.values)) throw new UsageError(`--log-level: ${level} is no level`);
  const write = (line: string): void => {
    try {
      void Promise.resolve(terminal.out(line)).catch(() => {});
    } catch {
      // Nobody reads it any more.
    }
  };
  return pino({ name: 'broker', level }, { write });
}
