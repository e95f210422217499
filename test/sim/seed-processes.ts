import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunResult } from './run-seed.ts';

const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

/**
 * What `run.ts` says of these seeds, in a process of its own, where the code runs as it is, and methods can be replaced for good.
 * Rejects where that ends with an error: something is wrong that no invariant looked for.
 */
export async function runInProcess(from: number, to: number, rule?: string): Promise<RunResult[]> {
  const { SIM_SEED, ...environment } = process.env;
  const args = [RUN, `${from}-${to}`, ...(rule === undefined ? [] : [rule])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const results: RunResult[] = [];
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  const exited = once(child, 'close');
  for await (const line of createInterface(child.stdout)) results.push(JSON.parse(line) as RunResult);
  const [code] = await exited;
  if (code !== 0) throw new Error(`after ${results.length} seeds from ${from} on: ${complaint}`);
  return results;
}

/** The same on all processors, in pieces so small that none is left waiting for another. */
export async function runSeeds(seeds: readonly number[]): Promise<RunResult[]> {
  const pieces = Array.from({ length: Math.ceil(seeds.length / PIECE) }, (_, at) =>
    seeds.slice(at * PIECE, (at + 1) * PIECE),
  );
  const results: RunResult[] = [];
  const worker = async (): Promise<void> => {
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
      const [first = 0] = piece;
      results.push(...(await runInProcess(first, piece.at(-1) ?? first)));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results.sort((a, b) => a.seed - b.seed);
}

const PIECE = 125;
