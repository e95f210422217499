import { DEFAULT_LOG_CONFIG } from '@barnabas/model';
import { type FileSystem, LogManager } from '@barnabas/storage';
import {
  chance,
  pick,
  SimulatedClock,
  SimulatedDisk,
  type SimulatedFileSystem,
  SimulatedScheduler,
  seededRandom,
} from '@barnabas/testkit';
import { takeStep } from './actions.ts';
import { CheckFailure, check } from './check-failure.ts';
import { checkLog } from './check-log.ts';
import type { ModelLog } from './model-log.ts';
import { Reached } from './reached.ts';
import { type RunSettings, Session } from './session.ts';

export type CrashRunOptions = {
  readonly reached?: Reached;
  /** Breaks a rule of the file system, for the checker to notice. */
  readonly wrap?: (fs: FileSystem) => FileSystem;
  /** From this life of the process on, the disk reports flushes that it has not done. */
  readonly lieFromGeneration?: number;
};

const GENERATIONS = 4;
const TRACE_LINES = 30;

/**
 * One seed: several lives of a process over one simulated disk, each of which ends at a random moment, and each of which
 * finds what the one before has left.
 *
 * Throws CheckFailure, with the seed, the step and what was done last, where the log breaks a promise.
 */
export const runSeed = async (seed: number, options: CrashRunOptions = {}): Promise<void> => {
  const run = new CrashRun(seed, options);
  try {
    await run.run();
  } catch (cause) {
    if (!(cause instanceof CheckFailure)) throw cause;
    throw new CheckFailure(`seed ${seed}: ${cause.message}\n${run.lastTrace}`, { cause });
  }
};

const settingsOf = (seed: number, { reached }: CrashRunOptions): RunSettings => {
  const random = seededRandom(seed);
  const clock = new SimulatedClock();
  const disk = new SimulatedDisk(random, clock);
  disk.faults.shortWriteChance = pick(random, [0, 0.2]);
  disk.faults.writeBackChance = pick(random, [0, 0.1, 0.5]);
  return {
    random,
    disk,
    clock,
    dirs: pick(random, [['/a'], ['/a', '/b']]),
    flushMode: pick(random, ['group', 'os']),
    config: {
      ...DEFAULT_LOG_CONFIG,
      segmentBytes: pick(random, [3000, 8000, 20_000]),
      indexIntervalBytes: pick(random, [50, 300, 2000]),
      segmentIndexBytes: pick(random, [DEFAULT_LOG_CONFIG.segmentIndexBytes, 120]),
      flushMessages: pick(random, [Number.POSITIVE_INFINITY, 30]),
      fileDeleteDelayMs: 2000,
    },
    reached: reached ?? new Reached(),
  };
};

class CrashRun {
  readonly #settings: RunSettings;
  readonly #options: CrashRunOptions;
  readonly #models = new Map<string, ModelLog>();
  readonly #trace: string[] = [];
  /** What has happened to the disk since the logs were last open. */
  #hasLostPower = false;
  #wasClosed = false;
  #process: SimulatedFileSystem | undefined;
  /** Where the last segment of each log began when the process died. */
  readonly #activeBases = new Map<string, number>();

  constructor(seed: number, options: CrashRunOptions) {
    this.#settings = settingsOf(seed, options);
    this.#options = options;
    const { flushMode, config, dirs } = this.#settings;
    this.#note(`${flushMode}, ${dirs.length} dirs, segment.bytes ${config.segmentBytes}`);
  }

  get lastTrace(): string {
    return this.#trace.slice(-TRACE_LINES).join('\n');
  }

  async run(): Promise<void> {
    const { random, disk } = this.#settings;
    for (let generation = 1; generation <= GENERATIONS; generation++) {
      const session = await this.#open();
      if (generation === this.#options.lieFromGeneration) disk.faults.lieAboutSync = true;
      const steps = 10 + random.below(60);
      for (let step = 0; step < steps; step++) {
        takeStep(session);
        await turns(random.below(5));
        session.throwIfFailed();
        if (chance(random, 0.05)) await session.settle();
      }
      if (chance(random, 0.25)) await this.#close(session);
      else this.#die(session);
    }
    const last = await this.#open();
    await last.settle();
    await last.manager.close();
    this.#noteLosses();
  }

  #noteLosses(): void {
    const { disk, reached } = this.#settings;
    const { losses } = disk;
    reached.note('page torn', losses.pagesTorn);
    reached.note('page zeroed', losses.pagesZeroed);
    reached.note('truncation undone', losses.truncationsUndone);
    reached.note('rename undone', losses.renamesUndone);
    reached.note('removal undone', losses.removalsUndone);
    reached.note('create undone', losses.createsUndone);
  }

  /** Opens the logs, also where that takes several attempts because the lights go out meanwhile. */
  async #open(): Promise<Session> {
    const { random, disk, clock, dirs, flushMode, config } = this.#settings;
    for (;;) {
      this.#noteFiles();
      const process = disk.newProcess();
      this.#process = process;
      const scheduler = new SimulatedScheduler(clock);
      const opening = LogManager.open({
        dirs,
        fs: this.#options.wrap?.(process) ?? process,
        clock,
        scheduler,
        random,
        flushMode,
        configOf: () => config,
        maxOpenFiles: pick(random, [4, 1000]),
      });
      let opened: LogManager | undefined;
      let failure: unknown;
      opening.then(
        (manager) => {
          opened = manager;
        },
        (error) => {
          failure = error;
        },
      );
      if (chance(random, 0.25)) await turns(random.below(80));
      else await disk.settled();
      if (failure !== undefined) throw new CheckFailure(`the logs cannot be opened: ${failure}`, { cause: failure });
      if (opened !== undefined) return this.#begin(opened, scheduler);
      this.#note('crash while opening');
      this.#settings.reached.note('crash during recovery');
      this.#wasClosed = false;
      this.#loseProcess();
    }
  }

  async #begin(manager: LogManager, scheduler: SimulatedScheduler): Promise<Session> {
    const { reached, random } = this.#settings;
    check(manager.failures.length === 0, () => `a log directory has failed: ${manager.failures[0]?.message}`);
    for (const dir of manager.dirs) {
      const [unusable] = dir.unusable.values();
      check(unusable === undefined, () => `a crash is taken for corruption: ${unusable?.error.message}`);
      reached.note('tail cut', dir.cuts.length);
      if (this.#wasClosed) check(dir.wasClean, () => `${dir.path} was closed, but is not found so`);
      if (dir.wasClean) reached.note('clean start');
    }
    for (const log of manager.logs()) {
      check(this.#models.has(log.name), () => `${log.name} was deleted and is back`);
    }
    for (const [name, model] of [...this.#models]) {
      const log = manager.get(model.topicPartition);
      if (log === undefined) {
        const mayBeGone = model.pending.kind === 'create' || model.pending.kind === 'delete';
        check(mayBeGone, () => `${name} is gone`);
        this.#models.delete(name);
        continue;
      }
      if (log.endOffset < model.endOffset) reached.note('unacknowledged appends lost');
      if (log.endOffset < (this.#activeBases.get(name) ?? 0)) reached.note('segment lost');
      await checkLog(log, model, this.#safeEndOf(model), random, reached);
      model.goOnInEpoch(random);
      this.#note(`${name} found from ${log.startOffset} to ${log.endOffset}`);
    }
    this.#hasLostPower = false;
    this.#wasClosed = false;
    return new Session(this.#settings, manager, scheduler, this.#models, (line) => this.#note(line));
  }

  /** Up to where the log has promised that nothing is lost, whatever happens. */
  #safeEndOf({ pending, acknowledgedEnd, flushedEnd, endOffset }: ModelLog): number {
    const { flushMode } = this.#settings;
    if (pending.kind === 'truncateFully') return 0;
    if (this.#wasClosed) return endOffset;
    const promised = this.#hasLostPower && flushMode === 'os' ? flushedEnd : Math.max(acknowledgedEnd, flushedEnd);
    return pending.kind === 'truncate' ? Math.min(promised, pending.to) : promised;
  }

  async #close(session: Session): Promise<void> {
    const { random, disk, reached } = this.#settings;
    await session.settle();
    let isClosed = false;
    session.expect('close', session.manager.close(), () => {
      isClosed = true;
    });
    if (chance(random, 0.4)) await turns(random.below(40));
    else await session.settle();
    session.throwIfFailed();
    this.#wasClosed = isClosed;
    this.#note(isClosed ? 'closed' : 'crash during close');
    if (!isClosed) return this.#die(session);
    session.end();
    for (const model of this.#models.values()) model.closedAt.push(model.endOffset);
    reached.note('closed');
    if (chance(random, 0.5)) disk.crash();
  }

  #die(session: Session): void {
    const { reached } = this.#settings;
    for (const what of session.underWay) reached.note(`crash during ${what}`);
    for (const log of session.manager.logs()) {
      const { baseOffset } = log.parts.segments.active;
      if (log.recoveryPoint < baseOffset) reached.note('crash with a roll unflushed');
      this.#activeBases.set(log.name, baseOffset);
    }
    session.end();
    this.#loseProcess();
  }

  /** SIGKILL, which leaves the page cache as it is, or a power cut. */
  #loseProcess(): void {
    const { random, disk, reached } = this.#settings;
    if (chance(random, 0.35)) {
      this.#note('killed');
      reached.note('killed');
      this.#process?.kill();
      return;
    }
    this.#hasLostPower = true;
    this.#note('power lost');
    reached.note('power lost');
    disk.crash();
  }

  #noteFiles(): void {
    const { disk, reached } = this.#settings;
    const files = new Set(disk.listing());
    for (const file of files) {
      if (file.endsWith('leader-epoch-checkpoint.tmp')) reached.note('epoch checkpoint half replaced');
      const base = /^(.*)\.log$/.exec(file)?.[1];
      if (base !== undefined && !base.endsWith('/00000000000000000000') && !files.has(`${base}.snapshot`))
        reached.note('snapshot missing');
    }
  }

  #note(line: string): void {
    this.#trace.push(line);
  }
}

/** Lets the disk do as many operations. */
const turns = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index++) await new Promise((resolve) => setImmediate(resolve));
};
