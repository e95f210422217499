import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { forgetProcess, runningProcess, type StartedProcess } from '../processes/process-file.ts';
import { stopProcess } from '../processes/stop-process.ts';
import type { Terminal } from '../terminal.ts';
import { stopOrder } from './stop-order.ts';

/** A broker hands over its partitions and closes its logs meanwhile. */
const STOP_DEADLINE_MS = 30_000;

type Running = {
  readonly id: number;
  readonly name: string;
  readonly url: string | undefined;
  readonly directory: string;
  readonly process: StartedProcess;
};

/**
 * Stops what `up` has started in a data directory, whatever its settings were: the brokers, one after the other, then
 * ZooKeeper, without which they could not sign off.
 */
export async function down(dataDir: string, terminal: Terminal): Promise<void> {
  const brokers = runningIn(dataDir, /^broker-(\d+)$/, (id) => `broker ${id}`);
  const zookeeper = runningIn(dataDir, /^zookeeper()$/, () => 'ZooKeeper');
  if (brokers.length + zookeeper.length === 0) await terminal.out(`Nothing runs from ${dataDir}.\n`);
  for (const running of [...(await stopOrder(brokers)), ...zookeeper]) await stop(running, terminal);
}

async function stop({ name, directory, process }: Running, terminal: Terminal): Promise<void> {
  const startMs = performance.now();
  const how = await stopProcess(process, STOP_DEADLINE_MS);
  forgetProcess(directory);
  const tookMs = Math.round(performance.now() - startMs);
  const what =
    how === 'stopped' ? `stopped in ${tookMs} ms` : `did not stop within ${STOP_DEADLINE_MS / 1000} s: killed`;
  await terminal.out(`${name} (process ${process.pid}) ${what}.\n`);
}

/** Those that are alive, in the order of their numbers. */
function runningIn(dataDir: string, pattern: RegExp, nameOf: (id: string) => string): Running[] {
  return entriesOf(dataDir)
    .map((entry) => pattern.exec(entry))
    .filter((match) => match !== null)
    .sort(([, a], [, b]) => Number(a) - Number(b))
    .flatMap(([entry, id = '']) => {
      const directory = join(dataDir, entry);
      const process = runningProcess(directory);
      return process === undefined ? [] : [{ id: Number(id), name: nameOf(id), url: process.url, directory, process }];
    });
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
