import { KafkaError } from '@barnabas/model';
import type { FileSystem } from '@barnabas/storage';
import { FileWindow } from './file-window.ts';
import type { Findings } from './findings.ts';
import type { DumpLogOptions } from './options.ts';
import type { TextOutput } from './text-output.ts';

/** What the dump of one file works with. */
export type DumpContext = {
  readonly fs: FileSystem;
  readonly options: DumpLogOptions;
  readonly output: TextOutput;
  /** Prints a line beside the dump. */
  readonly warn: (line: string) => void;
  readonly findings: Findings;
};

/** Rejects with the system's error, and with KafkaError INVALID_REQUEST for a directory. */
export const refuseDirectory = async (fs: FileSystem, path: string): Promise<void> => {
  if ((await fs.stat(path)).isDirectory) throw new KafkaError('INVALID_REQUEST', `${path} is a directory`);
};

/** Runs `task` with the file open. Rejects with what `refuseDirectory` and the task reject with. */
export const withWindow = async <T>(
  fs: FileSystem,
  path: string,
  task: (window: FileWindow) => Promise<T>,
): Promise<T> => {
  await refuseDirectory(fs, path);
  const window = await FileWindow.open(fs, path);
  try {
    return await task(window);
  } finally {
    await window.close();
  }
};
