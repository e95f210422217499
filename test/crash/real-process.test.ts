import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { formatTopicPartition, type Random } from '@barnabas/model';
import { baseOffsetOf, crcOf, nextOffsetOf } from '@barnabas/protocol';
import { CorruptLogError, type LogManager, nodeFileSystem, readOffsetCheckpoint } from '@barnabas/storage';
import { chance, pick, seededRandom } from '@barnabas/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { CheckFailure, check } from './check-failure.ts';
import { Reached } from './reached.ts';
import { readAll } from './read-all.ts';
import { batchesOf, damageTail, flipBit, logFilesOf } from './real-damage.ts';
import { type Acknowledged, type FlushMode, openRealLogs, PARTITIONS, parseAcknowledged } from './real-logs.ts';
import { isSingleSeed, seedsToRun } from './seeds.ts';

const WORKER = fileURLToPath(new URL('./real-process-worker.ts', import.meta.url));
const ROUNDS_PER_MODE = 60;
/** Rounds that use one directory, one after the other. */
const ROUNDS_PER_DIRECTORY = 10;

const directories: string[] = [];

afterAll(() => {
  for (const dir of directories) rmSync(dir, { recursive: true });
});

/** Runs the child until it has acknowledged so many batches, kills it, and answers all that it had acknowledged. */
const runAndKill = async (dir: string, mode: FlushMode, seed: number, count: number): Promise<Acknowledged[]> => {
  const child = spawn(process.execPath, [WORKER, dir, mode, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const acknowledged: Acknowledged[] = [];
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += String(text);
  });
  const ended = new Promise<string | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
  createInterface(child.stdout).on('line', (line) => {
    acknowledged.push(parseAcknowledged(line));
    if (acknowledged.length === count) child.kill('SIGKILL');
  });
  const signal = await ended;
  if (signal !== 'SIGKILL') throw new CheckFailure(`the child has ended by itself: ${complaint}`);
  return acknowledged;
};

/** A directory, and all that was ever acknowledged in it. */
class RealRun {
  readonly dir = mkdtempSync(join(tmpdir(), 'barnabas-crash-'));
  readonly #mode: FlushMode;
  readonly #reached: Reached;
  /** By log and base offset. */
  readonly #acknowledged = new Map<string, Map<number, Acknowledged>>();

  constructor(mode: FlushMode, reached: Reached) {
    this.#mode = mode;
    this.#reached = reached;
    directories.push(this.dir);
  }

  async round(seed: number): Promise<void> {
    const random = seededRandom(seed);
    const count = pick(random, [1, 30, 300]);
    for (const batch of await runAndKill(this.dir, this.#mode, seed, 1 + random.below(count))) this.#note(batch);
    if (chance(random, 0.2)) await this.#corrupt(random);
    else if (chance(random, 0.6)) await this.#damageTails(random);
    const manager = await openRealLogs(this.dir, this.#mode);
    try {
      for (const dir of manager.dirs) this.#reached.note('tail cut', dir.cuts.length);
      await this.#check(manager, random);
    } finally {
      await manager.close();
    }
  }

  #note(batch: Acknowledged): void {
    const batches = this.#acknowledged.get(batch.log) ?? new Map();
    this.#acknowledged.set(batch.log, batches.set(batch.base, batch));
  }

  #endOf(log: string): number {
    return Math.max(0, ...[...(this.#acknowledged.get(log)?.values() ?? [])].map(({ next }) => next));
  }

  async #recoveryPoints(): Promise<ReadonlyMap<string, number>> {
    return readOffsetCheckpoint(nodeFileSystem, join(this.dir, 'recovery-point-offset-checkpoint'));
  }

  /** The disk tears what no acknowledgement and no checkpoint has covered. */
  async #damageTails(random: Random): Promise<void> {
    const recoveryPoints = await this.#recoveryPoints();
    for (const name of PARTITIONS.map(formatTopicPartition)) {
      if (!this.#acknowledged.has(name)) continue;
      const from = Math.max(this.#endOf(name), recoveryPoints.get(name) ?? 0);
      const what = damageTail(join(this.dir, name), from, random);
      this.#reached.note(`tail damaged: ${what}`);
    }
  }

  /** The disk damages what was flushed: that is reported, and when the bit is right again nothing is missing. */
  async #corrupt(random: Random): Promise<void> {
    const recoveryPoints = await this.#recoveryPoints();
    const name = pick(random, PARTITIONS.map(formatTopicPartition));
    const recoveryPoint = recoveryPoints.get(name) ?? 0;
    const flushed = batchesOf(join(this.dir, name)).filter(({ next }) => next <= recoveryPoint);
    const file = flushed.at(-1)?.file;
    const inScannedSegment = flushed.filter((batch) => batch.file === file);
    if (file === undefined) return;
    const { at, sizeBytes } = pick(random, inScannedSegment);
    const position = at + 21 + random.below(sizeBytes - 21);
    if (logFilesOf(join(this.dir, name)).some((path) => path > file && baseOf(path) <= recoveryPoint)) return;
    flipBit(file, position);
    const before = readFileSync(file);
    const manager = await openRealLogs(this.dir, this.#mode);
    const error = manager.dirs[0]?.unusable.get(name)?.error;
    await manager.close();
    const found = `${name}: a bit flipped at ${position} of ${file} below ${recoveryPoint} gives ${error}`;
    check(error instanceof CorruptLogError && error.file === file && error.position === at, () => found);
    check(readFileSync(file).equals(before), () => `${file} was changed, though it is corrupt`);
    this.#reached.note('corruption reported');
    flipBit(file, position);
  }

  async #check(manager: LogManager, random: Random): Promise<void> {
    for (const partition of PARTITIONS) {
      const name = formatTopicPartition(partition);
      const log = manager.get(partition);
      const problem = manager.dirs[0]?.unusable.get(name)?.error.message;
      if (log === undefined) {
        check(!this.#acknowledged.has(name), () => `${name} is gone: ${problem}`);
        continue;
      }
      const end = this.#endOf(name);
      check(log.endOffset >= end, () => `${name} ends at ${log.endOffset}, but all below ${end} was acknowledged`);
      let expected = 0;
      for (const batch of await readAll(log, random)) {
        const base = baseOffsetOf(batch);
        check(base === expected, () => `${name}: offset ${base} after ${expected}`);
        expected = nextOffsetOf(batch);
        const promised = this.#acknowledged.get(name)?.get(base);
        const isPromised = promised === undefined || (promised.crc === crcOf(batch) && promised.next === expected);
        check(isPromised, () => `${name}: the batch at ${base} is not the one that was acknowledged`);
        // What survived unasked has been seen by now, and must stay.
        this.#note({ log: name, base, next: expected, crc: crcOf(batch) });
      }
      check(expected === log.endOffset, () => `${name} ends at ${log.endOffset}, its batches at ${expected}`);
    }
  }
}

const baseOf = (path: string): number => Number(/(\d+)\.log$/.exec(path)?.[1]);

const SEEDS = seedsToRun(ROUNDS_PER_MODE);

describe.concurrent.each<FlushMode>(['group', 'os'])('a process that is killed, with log.flush=%s', (mode) => {
  it(`finds every batch again that it had acknowledged (seeds ${SEEDS[0]} to ${SEEDS.at(-1)})`, {
    timeout: 60_000 + SEEDS.length * 3000,
  }, async () => {
    const reached = new Reached();
    let run = new RealRun(mode, reached);
    for (const [round, seed] of SEEDS.entries()) {
      if (round % ROUNDS_PER_DIRECTORY === 0) run = new RealRun(mode, reached);
      try {
        await run.round(seed);
      } catch (cause) {
        throw new CheckFailure(`${mode}, seed ${seed}, ${run.dir}: ${String(cause)}`, { cause });
      }
    }
    const expected = ['cut', 'zeros', 'flip', 'garbage'].map((kind) => `tail damaged: ${kind}`);
    if (!isSingleSeed()) expect(reached.missing([...expected, 'tail cut', 'corruption reported'])).toEqual([]);
  });
});
