/**
 * Opening a log directory of many partitions with ten segments each, after a clean stop and after a kill, in a process
 * that has just begun, as a broker does. The files are in the page cache. The limit is what cannot be left out: listing
 * each directory and asking for the size of each `.log`, with as many calls at a time.
 */
import { rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { number, printTable, spread } from '../support/table.ts';
import { type ChildAnswer, runChild } from './child-task.ts';
import { makeLogs } from './many-logs.ts';
import type { Scale } from './scale.ts';

const PARALLEL = 16;

export const measureOpening = async (dir: string, { openPartitions, openRounds }: Scale): Promise<void> => {
  const into = join(dir, 'opening');
  await makeLogs(into, openPartitions);
  const clean: ChildAnswer[] = [];
  const unclean: ChildAnswer[] = [];
  const limitMs: number[] = [];
  for (let round = 0; round < openRounds; round++) {
    const common = { dir: into, flush: 'os', memory: false } as const;
    clean.push(await runChild({ ...common, append: true, end: 'kill' }));
    unclean.push(await runChild({ ...common, append: false, end: 'close' }));
    limitMs.push(await listAndStat(into));
  }
  rmSync(into, { recursive: true });
  const wrong = [...clean.filter(({ wasClean }) => !wasClean), ...unclean.filter(({ wasClean }) => wasClean)];
  if (wrong.length > 0) throw new Error('the log directory was not left as it should have been');
  const row = (name: string, answers: readonly ChildAnswer[]): string[] => {
    const of = (kind: keyof ChildAnswer['counts']): string =>
      number(answers.reduce((sum, { counts, logs }) => sum + counts[kind] / logs, 0) / answers.length);
    const seconds = spread(answers.map(({ openedMs }) => openedMs / 1000));
    return [name, seconds, ...(['list', 'stat', 'open', 'read', 'readFile', 'sync'] as const).map(of)];
  };
  const columns = ['stop', 'seconds', 'lists', 'stats', 'opens', 'reads', 'whole files', 'syncs'];
  printTable(`Opening ${openPartitions} partitions of 10 segments (calls for each partition)`, columns, [
    row('clean', clean),
    row('unclean', unclean),
    ['list and stat alone', spread(limitMs.map((ms) => ms / 1000)), '1', '10', '0', '0', '0', '0'],
  ]);
};

const listAndStat = async (dir: string): Promise<number> => {
  const startMs = performance.now();
  const rest = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory()).values();
  const worker = async (): Promise<void> => {
    for (const { name } of rest) {
      const files = await readdir(join(dir, name));
      const logs = files.filter((file) => file.endsWith('.log'));
      await Promise.all(logs.map((file) => stat(join(dir, name, file))));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return performance.now() - startMs;
};
