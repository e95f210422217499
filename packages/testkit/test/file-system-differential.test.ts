import type { Random } from '@barnabas/model';
import { type FileHandle, type FileSystem, nodeFileSystem } from '@barnabas/storage';
import { chance, pick, SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { type Outcome, outcomeOf } from './outcome.ts';
import { temporaryDirectory } from './temporary-directory.ts';

type Step = { readonly text: string; readonly run: (side: Side) => Promise<unknown> };

/** One of the file systems under comparison, with the files that the steps have opened there. */
type Side = { readonly files: FileSystem; readonly directory: string; readonly open: (FileHandle | undefined)[] };

const SEEDS = 60;
const STEPS = 150;
const HANDLES = 4;

describe('the simulated file system and that of the machine', () => {
  it(`answer ${SEEDS} random sequences of operations alike`, async () => {
    const directory = await temporaryDirectory();
    const answers = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const disk = new SimulatedDisk(seededRandom(seed));
      disk.plantDirectory('/data');
      await nodeFileSystem.makeDirectory(`${directory}/${seed}`);
      const real: Side = { files: nodeFileSystem, directory: `${directory}/${seed}`, open: [] };
      const simulated: Side = { files: disk.newProcess(), directory: '/data', open: [] };
      await compare(seed, real, simulated, answers);
      await Promise.all(real.open.map((file) => file?.close()));
    }
    const expected = ['ok', 'ENOENT', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EINVAL', 'EBADF'];
    expect([...answers.keys()].toSorted()).toEqual(expected.toSorted());
  });
});

async function compare(seed: number, real: Side, simulated: Side, answers: Map<string, number>): Promise<void> {
  const random = seededRandom(seed);
  const trace: string[] = [];
  for (let index = 0; index < STEPS; index++) {
    const step = randomStep(random);
    trace.push(step.text);
    const outcome = await outcomeOf(step.run(real));
    const message = `seed ${seed}: ${trace.slice(-12).join('; ')}`;
    expect(await outcomeOf(step.run(simulated)), message).toEqual(outcome);
    count(answers, outcome);
  }
  expect(await tree(simulated.files, simulated.directory), `seed ${seed}: the tree at the end`).toEqual(
    await tree(real.files, real.directory),
  );
}

function randomStep(random: Random): Step {
  return chance(random, 0.5) ? handleStep(random) : nameStep(random);
}

function nameStep(random: Random): Step {
  const path = randomPath(random);
  const to = randomPath(random);
  const slot = random.below(HANDLES);
  const mode = pick(random, ['read', 'write', 'write'] as const);
  return pick<Step>(random, [
    { text: `open ${path} ${mode} as ${slot}`, run: (side) => openAs(side, slot, path, mode) },
    { text: `open ${path} ${mode} as ${slot}`, run: (side) => openAs(side, slot, path, mode) },
    { text: `readFile ${path}`, run: ({ files, directory }) => files.readFile(`${directory}${path}`) },
    { text: `list ${path}`, run: ({ files, directory }) => sortedList(files, `${directory}${path}`) },
    { text: `stat ${path}`, run: ({ files, directory }) => statOf(files, `${directory}${path}`) },
    { text: `rename ${path} ${to}`, run: ({ files, directory: d }) => files.rename(`${d}${path}`, `${d}${to}`) },
    { text: `rename ${path} ${to}`, run: ({ files, directory: d }) => files.rename(`${d}${path}`, `${d}${to}`) },
    { text: `removeFile ${path}`, run: ({ files, directory }) => files.removeFile(`${directory}${path}`) },
    { text: `removeDirectory ${path}`, run: ({ files, directory }) => files.removeDirectory(`${directory}${path}`) },
    { text: `makeDirectory ${path}`, run: ({ files, directory }) => files.makeDirectory(`${directory}${path}`) },
    { text: `makeDirectory ${path}`, run: ({ files, directory }) => files.makeDirectory(`${directory}${path}`) },
    { text: `syncDirectory ${path}`, run: ({ files, directory }) => files.syncDirectory(`${directory}${path}`) },
  ]);
}

function handleStep(random: Random): Step {
  const slot = random.below(HANDLES);
  const position = random.below(10_000) - (chance(random, 0.02) ? 10_000 : 0);
  const chunks = Array.from({ length: 1 + random.below(3) }, () => Buffer.from(random.bytes(1 + random.below(3000))));
  const sizes = chunks.map((chunk) => chunk.length).join('+');
  return pick<Step>(random, [
    { text: `write ${sizes} at ${position} to ${slot}`, run: ({ open }) => fileIn(open, slot).write(chunks, position) },
    { text: `write ${sizes} at ${position} to ${slot}`, run: ({ open }) => fileIn(open, slot).write(chunks, position) },
    { text: `read ${slot} at ${position}`, run: ({ open }) => readAt(fileIn(open, slot), position) },
    { text: `truncate ${slot} to ${position}`, run: ({ open }) => fileIn(open, slot).truncate(position) },
    { text: `sync ${slot}`, run: ({ open }) => fileIn(open, slot).sync() },
    { text: `size of ${slot}`, run: ({ open }) => fileIn(open, slot).sizeBytes() },
  ]);
}

function randomPath(random: Random): string {
  return Array.from({ length: 1 + random.below(3) }, () => `/${pick(random, ['a', 'b', 'c'])}`).join('');
}

async function openAs(side: Side, slot: number, path: string, mode: 'read' | 'write'): Promise<string> {
  const file = await side.files.open(`${side.directory}${path}`, mode);
  // Linux opens a directory for reading, and refuses to read it.
  await file.read(Buffer.alloc(1), 0);
  await side.open[slot]?.close();
  side.open[slot] = file;
  return 'opened';
}

function fileIn(open: Side['open'], slot: number): FileHandle | NoFile {
  return open[slot] ?? noFile;
}

type NoFile = Pick<FileHandle, 'read' | 'write' | 'truncate' | 'sync' | 'sizeBytes'>;
const nothing = () => Promise.reject(Object.assign(new Error('no file is open'), { code: 'ENOENT' }));
const noFile: NoFile = { read: nothing, write: nothing, truncate: nothing, sync: nothing, sizeBytes: nothing };

async function readAt(file: Pick<FileHandle, 'read'>, position: number): Promise<Buffer> {
  const target = Buffer.alloc(4000);
  return target.subarray(0, await file.read(target, position));
}

async function sortedList(files: FileSystem, path: string): Promise<string[]> {
  return (await files.list(path)).map((entry) => `${entry.name} ${entry.isDirectory}`).sort();
}

async function statOf(files: FileSystem, path: string): Promise<unknown> {
  const { isDirectory, sizeBytes } = await files.stat(path);
  return { isDirectory, sizeBytes: isDirectory ? 0 : sizeBytes };
}

/** All that is in a directory: paths, with the bytes of the files. */
async function tree(files: FileSystem, directory: string, prefix = ''): Promise<[string, Buffer | undefined][]> {
  const found: [string, Buffer | undefined][] = [];
  for (const { name, isDirectory } of await files.list(`${directory}${prefix}`)) {
    const path = `${prefix}/${name}`;
    if (isDirectory) found.push([path, undefined], ...(await tree(files, directory, path)));
    else found.push([path, await files.readFile(`${directory}${path}`)]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

function count(answers: Map<string, number>, outcome: Outcome<unknown>): void {
  const answer = 'code' in outcome ? outcome.code : 'ok';
  answers.set(answer, (answers.get(answer) ?? 0) + 1);
}
