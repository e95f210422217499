import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LogConfig } from '@barnabas/model';
import type { FileCounts } from './tracing-file-system.ts';

/** The logs that are opened are small, so that a thousand of them can be made: ten segments of 16 KiB. */
export const LOGS_CONFIG: Partial<LogConfig> = { segmentBytes: 16 * 1024 };

export type ChildTask = {
  readonly dir: string;
  readonly flush: 'os' | 'group';
  /** Append a batch to each log. */
  readonly append: boolean;
  /** Measure memory, after the garbage has been collected. */
  readonly memory: boolean;
  /** `kill`: write the checkpoints, as happens every second, and die without any more ado. */
  readonly end: 'close' | 'kill';
};

export type Memory = { readonly heap: number; readonly arrayBuffers: number; readonly rss: number };

export type ChildAnswer = {
  readonly openedMs: number;
  readonly logs: number;
  readonly wasClean: boolean;
  /** Calls that opening made. */
  readonly counts: FileCounts;
  readonly before: Memory;
  readonly idle: Memory;
  readonly appended: Memory;
};

/** Opens a log directory in a new process. */
export const runChild = (task: ChildTask): Promise<ChildAnswer> =>
  new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('child.ts', import.meta.url));
    execFile(process.execPath, ['--expose-gc', script, JSON.stringify(task)], (error, stdout, stderr) => {
      const died = error !== null && !(task.end === 'kill' && error.signal === 'SIGKILL');
      if (died) reject(new Error(`the child failed: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout) as ChildAnswer);
    });
  });
