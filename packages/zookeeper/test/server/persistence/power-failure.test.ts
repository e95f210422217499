import { describe, expect, it } from 'vitest';
import type { FileHandle, FileSystem } from '../../../src/server/persistence/file-system.ts';
import { CheckFailure, crashRun, type Death } from '../../support/persistence/crash-run.ts';

const RUNS = Number(process.env.CRASH_RUNS ?? 25);
const SEEDS = Array.from({ length: RUNS }, (_, index) => index + 1);

/** What must not happen, and how it is brought about: something is left out that safety rests on. */
const BROKEN_RULES: readonly {
  readonly rule: string;
  readonly wrap: (fs: FileSystem) => FileSystem;
  readonly deaths?: readonly Death[];
}[] = [
  {
    rule: 'the log is flushed before a transaction is acknowledged',
    wrap: (fs) => withHandles(fs, /\/log\./, (file) => ({ ...delegate(file), sync: async () => {} })),
  },
  {
    rule: 'the flush has ended before a transaction is acknowledged',
    wrap: (fs) =>
      withHandles(fs, /\/log\./, (file) => ({
        ...delegate(file),
        sync: async () => void file.sync().catch(() => {}),
      })),
  },
  {
    rule: 'the names of files are flushed',
    wrap: (fs) => ({ ...delegateFs(fs), syncDirectory: async () => {} }),
  },
  {
    rule: 'a snapshot is flushed before it gets its name',
    wrap: (fs) => withHandles(fs, /snapshot/, (file) => ({ ...delegate(file), sync: async () => {} })),
  },
  {
    rule: 'the recovery point of a new file is flushed before a transaction is',
    wrap: (fs) => withHandles(fs, /recovery-point/, (file) => ({ ...delegate(file), sync: async () => {} })),
  },
  {
    rule: 'what is found in the log is flushed before it is served',
    wrap: (fs) => withHandles(fs, /\/log\./, withoutSyncUntilWritten),
    deaths: ['kill', 'powerFailure'],
  },
];

describe('a data directory whose server dies again and again', () => {
  it(`has all that was acknowledged, and nothing that was not appended, in ${RUNS} runs`, async () => {
    const total: Record<string, number> = {};
    for (const seed of SEEDS) {
      for (const [what, count] of Object.entries(await orWithSeed(seed, crashRun({ seed })))) {
        total[what] = (total[what] ?? 0) + count;
      }
    }
    // Else the runs would show nothing.
    for (const [what, count] of Object.entries(total)) expect(count, what).toBeGreaterThan(RUNS / 10);
  });

  it('opens, and has nothing that was not appended, where nothing is flushed', async () => {
    for (const seed of SEEDS) await orWithSeed(seed, crashRun({ seed, sync: 'none' }));
  });

  it.each(BROKEN_RULES)('needs that $rule', async ({ wrap, deaths = ['powerFailure'] }) => {
    const failures: unknown[] = [];
    for (let seed = 1; seed <= 400 && failures.length === 0; seed++) {
      await crashRun({ seed, wrap, deaths }).catch((error) => failures.push(error));
    }
    expect(failures[0]).toBeInstanceOf(CheckFailure);
  });
});

async function orWithSeed<T>(seed: number, running: Promise<T>): Promise<T> {
  return running.catch((error: Error) => {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
  });
}

function withHandles(fs: FileSystem, path: RegExp, wrap: (file: FileHandle) => FileHandle): FileSystem {
  return {
    ...delegateFs(fs),
    async open(opened, mode) {
      const file = await fs.open(opened, mode);
      return path.test(opened) ? wrap(file) : file;
    },
  };
}

function withoutSyncUntilWritten(file: FileHandle): FileHandle {
  let isWritten = false;
  return {
    ...delegate(file),
    write(chunks, position) {
      isWritten = true;
      return file.write(chunks, position);
    },
    sync: async () => (isWritten ? file.sync() : undefined),
  };
}

function delegateFs(fs: FileSystem): FileSystem {
  return {
    open: (path, mode) => fs.open(path, mode),
    list: (path) => fs.list(path),
    rename: (from, to) => fs.rename(from, to),
    removeFile: (path) => fs.removeFile(path),
    makeDirectory: (path) => fs.makeDirectory(path),
    syncDirectory: (path) => fs.syncDirectory(path),
    lock: (path) => fs.lock(path),
  };
}

function delegate(file: FileHandle): FileHandle {
  return {
    read: (target, position) => file.read(target, position),
    write: (chunks, position) => file.write(chunks, position),
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    sync: () => file.sync(),
    sizeBytes: () => file.sizeBytes(),
    close: () => file.close(),
  };
}
