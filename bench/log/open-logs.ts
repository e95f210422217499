import { randomBytes, randomInt } from 'node:crypto';
import {
  type Clock,
  DEFAULT_LOG_CONFIG,
  type LogConfig,
  leaderEpoch,
  type Random,
  type Scheduler,
  type Timer,
} from '@barnabas/model';
import { type FileSystem, LogManager, nodeFileSystem } from '@barnabas/storage';

export const TOPIC = 'bench';
export const EPOCH = leaderEpoch(0);

const clock: Clock = { nowMs: () => Date.now(), steadyMs: () => performance.now() };
const random: Random = { below: (bound) => randomInt(bound), bytes: (count) => randomBytes(count) };

const timerOf = (timer: NodeJS.Timeout): Timer => {
  timer.unref();
  return { cancel: () => clearTimeout(timer) };
};
const scheduler: Scheduler = {
  after: (delayMs, task) => timerOf(setTimeout(task, delayMs)),
  every: (periodMs, task) => timerOf(setInterval(task, periodMs)),
};

export type BenchLogs = {
  readonly flush?: 'os' | 'group';
  readonly fs?: FileSystem;
  readonly config?: Partial<LogConfig>;
};

/** Opens the log directory `dir` on the machine's own file system, clock and timers, as a broker does. */
export const openLogs = (
  dir: string,
  { flush = 'os', fs = nodeFileSystem, config = {} }: BenchLogs = {},
): Promise<LogManager> =>
  LogManager.open({
    dirs: [dir],
    fs,
    clock,
    scheduler,
    random,
    flushMode: flush,
    configOf: () => ({ ...DEFAULT_LOG_CONFIG, ...config }),
  });
