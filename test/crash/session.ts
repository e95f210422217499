import type { LogConfig, Random, TopicPartition } from '@barnabas/model';
import { formatTopicPartition } from '@barnabas/model';
import type { Log, LogManager } from '@barnabas/storage';
import type { SimulatedClock, SimulatedDisk, SimulatedScheduler } from '@barnabas/testkit';
import { CheckFailure, check } from './check-failure.ts';
import type { ModelLog } from './model-log.ts';
import type { Reached } from './reached.ts';

/** What one seed fixes for the whole run. */
export type RunSettings = {
  readonly random: Random;
  readonly disk: SimulatedDisk;
  readonly clock: SimulatedClock;
  readonly dirs: readonly string[];
  readonly flushMode: 'group' | 'os';
  readonly config: LogConfig;
  readonly reached: Reached;
};

/** The life of one process, from an open log manager to its end. */
export class Session {
  readonly settings: RunSettings;
  readonly manager: LogManager;
  readonly scheduler: SimulatedScheduler;
  readonly models: Map<string, ModelLog>;
  readonly #trace: (line: string) => void;
  readonly #underWay = new Map<Promise<void>, string>();
  #isAlive = true;
  #failure: Error | undefined;

  constructor(
    settings: RunSettings,
    manager: LogManager,
    scheduler: SimulatedScheduler,
    models: Map<string, ModelLog>,
    trace: (line: string) => void,
  ) {
    this.settings = settings;
    this.manager = manager;
    this.scheduler = scheduler;
    this.models = models;
    this.#trace = trace;
  }

  /** What has been started and not ended. */
  get underWay(): ReadonlySet<string> {
    return new Set(this.#underWay.values());
  }

  trace(line: string): void {
    this.#trace(line);
  }

  logOf({ topicPartition }: ModelLog): Log {
    const log = this.manager.get(topicPartition);
    if (log === undefined) throw new CheckFailure(`${formatTopicPartition(topicPartition)} is gone`);
    return log;
  }

  modelOf(topicPartition: TopicPartition): ModelLog | undefined {
    return this.models.get(formatTopicPartition(topicPartition));
  }

  /** Notes what an operation promises when it ends. That it fails is the log's fault while the process lives. */
  expect(what: string, operation: Promise<unknown>, then: () => void): void {
    const settled = operation.then(
      () => {
        if (this.#isAlive) then();
      },
      (cause: unknown) => {
        if (this.#isAlive) this.#failure ??= new CheckFailure(`${what} failed: ${String(cause)}`, { cause });
      },
    );
    const tracked = settled.catch((error: Error) => {
      this.#failure ??= error;
    });
    this.#underWay.set(tracked, what);
    void tracked.then(() => this.#underWay.delete(tracked));
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits until the disk has nothing left to do; all that was started has to be done then. */
  async settle(): Promise<void> {
    await this.settings.disk.settled();
    this.throwIfFailed();
    const [stuck] = this.#underWay.values();
    check(stuck === undefined, () => `${stuck} never ends`);
  }

  /** The process is about to die: from now on its operations may fail. */
  end(): void {
    this.#isAlive = false;
  }
}
