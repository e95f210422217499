import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';

/** A directory of the machine that is removed when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(`${tmpdir()}/barnabas-`);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
