import type { FileSystem } from '@barnabas/storage';
import { describe, expect, it } from 'vitest';
import { codeOf } from './outcome.ts';

/** A file system to hold to the port, and an empty directory in it. */
export type Subject = { readonly files: FileSystem; readonly directory: string };

/** What every file system of the log must do alike. `subject` is called once for each test. */
export function describeFileSystem(name: string, subject: () => Promise<Subject>): void {
  describe(name, () => {
    describe('a file', () => describeFile(subject));
    describe('names', () => describeNames(subject));
    describe('directories', () => describeDirectories(subject));
    describe('lock', () => describeLock(subject));
  });
}

function describeFile(subject: () => Promise<Subject>): void {
  it('gives back what was written, chunk after chunk, from any position', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    expect(await file.write([text('hello '), text(''), text('world')], 0)).toBe(11);
    expect(await file.write([text('W')], 6)).toBe(1);
    const target = Buffer.alloc(5);
    expect(await file.read(target, 6)).toBe(5);
    expect(target.toString()).toBe('World');
    expect((await files.readFile(`${directory}/a`)).toString()).toBe('hello World');
    await file.close();
  });

  it('reads less than asked at its end and nothing beyond', async () => {
    const { files, directory } = await subject();
    const file = await files.open(await written(files, `${directory}/a`, 'abc'), 'read');
    const target = Buffer.alloc(4, '.');
    expect(await file.read(target, 1)).toBe(2);
    expect(target.toString()).toBe('bc..');
    expect(await file.read(target, 3)).toBe(0);
    expect(await file.read(target, 4000)).toBe(0);
    expect(await file.read(Buffer.alloc(0), 0)).toBe(0);
    await file.close();
  });

  it('takes three thousand chunks in one call', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    const chunks = Array.from({ length: 3000 }, (_, index) => Uint8Array.of(index & 0xff, index >> 8));
    expect(await file.write(chunks, 0)).toBe(6000);
    expect(await files.readFile(`${directory}/a`)).toEqual(Buffer.concat(chunks));
    await file.close();
  });

  it('takes no chunk at all', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    expect(await file.write([], 7)).toBe(0);
    expect(await file.write([text('')], 7)).toBe(0);
    expect(await file.sizeBytes()).toBe(0);
    await file.close();
  });

  it('reads zeros where nothing was written', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    await file.write([text('end')], 10_000);
    const content = await files.readFile(`${directory}/a`);
    expect(content.length).toBe(10_003);
    expect(content.subarray(0, 10_000).every((byte) => byte === 0)).toBe(true);
    await file.close();
  });

  it('is cut and grown by truncate, and what was cut does not come back', async () => {
    const { files, directory } = await subject();
    const file = await files.open(await written(files, `${directory}/a`, 'abcdef'), 'write');
    await file.truncate(2);
    expect(await file.sizeBytes()).toBe(2);
    await file.truncate(5);
    expect(await files.readFile(`${directory}/a`)).toEqual(Buffer.from('ab\0\0\0'));
    await file.truncate(5);
    await file.sync();
    expect((await files.stat(`${directory}/a`)).sizeBytes).toBe(5);
    await file.close();
  });

  it('keeps its content when opened for writing again', async () => {
    const { files, directory } = await subject();
    const file = await files.open(await written(files, `${directory}/a`, 'abc'), 'write');
    expect(await file.sizeBytes()).toBe(3);
    await file.close();
  });

  it('opened for reading must exist, and takes no change', async () => {
    const { files, directory } = await subject();
    expect(await codeOf(files.open(`${directory}/a`, 'read'))).toBe('ENOENT');
    const file = await files.open(await written(files, `${directory}/a`, 'abc'), 'read');
    expect(await codeOf(file.write([text('x')], 0))).toBe('EBADF');
    expect(await codeOf(file.truncate(0))).toBe('EINVAL');
    await file.sync();
    await file.close();
  });

  it('refuses a position that is none', async () => {
    const { files, directory } = await subject();
    const file = await files.open(await written(files, `${directory}/a`, 'abc'), 'write');
    for (const position of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(await codeOf(file.read(Buffer.alloc(1), position))).toBe('EINVAL');
      expect(await codeOf(file.write([text('x')], position))).toBe('EINVAL');
      expect(await codeOf(file.write([text('x'), text('y')], position))).toBe('EINVAL');
      expect(await codeOf(file.truncate(position))).toBe('EINVAL');
    }
    await file.close();
  });

  it('refuses everything once closed', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    await file.close();
    const late = [
      file.read(Buffer.alloc(1), 0),
      file.write([text('x')], 0),
      file.truncate(0),
      file.sync(),
      file.sizeBytes(),
      file.close(),
    ];
    expect(await Promise.all(late.map(codeOf))).toEqual(late.map(() => 'EBADF'));
  });

  it('is closed only after the operations under way', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    const writes = Array.from({ length: 50 }, (_, index) => file.write([Buffer.alloc(100, index)], index * 100));
    let ended = 0;
    for (const operation of [...writes, file.sync()]) operation.then(() => ended++);
    await file.close();
    expect(ended).toBe(51);
    expect(await Promise.all(writes)).toEqual(writes.map(() => 100));
    expect((await files.readFile(`${directory}/a`)).length).toBe(5000);
  });
}

function describeNames(subject: () => Promise<Subject>): void {
  it('are missing until made', async () => {
    const { files, directory } = await subject();
    const missing = `${directory}/none`;
    const tries = [
      files.readFile(missing),
      files.stat(missing),
      files.list(missing),
      files.removeFile(missing),
      files.rename(missing, `${directory}/other`),
      files.syncDirectory(missing),
      files.open(`${missing}/a`, 'write'),
      files.lock(`${missing}/.lock`),
    ];
    expect(await Promise.all(tries.map(codeOf))).toEqual(tries.map(() => 'ENOENT'));
  });

  it('move a file and replace what is there', async () => {
    const { files, directory } = await subject();
    await written(files, `${directory}/a`, 'new');
    await written(files, `${directory}/b`, 'old');
    await files.rename(`${directory}/a`, `${directory}/b`);
    expect(await namesIn(files, directory)).toEqual(['b']);
    expect((await files.readFile(`${directory}/b`)).toString()).toBe('new');
    await files.rename(`${directory}/b`, `${directory}/b`);
    expect(await namesIn(files, directory)).toEqual(['b']);
    expect(await codeOf(files.rename(`${directory}/b`, `${directory}/none/b`))).toBe('ENOENT');
  });

  it('leave an open file what it was when it is renamed, replaced or removed', async () => {
    const { files, directory } = await subject();
    const file = await files.open(`${directory}/a`, 'write');
    await files.rename(`${directory}/a`, `${directory}/b`);
    await file.write([text('one')], 0);
    expect((await files.readFile(`${directory}/b`)).toString()).toBe('one');
    await files.removeFile(`${directory}/b`);
    await file.write([text('two')], 3);
    const target = Buffer.alloc(6);
    await file.read(target, 0);
    expect(target.toString()).toBe('onetwo');
    expect(await namesIn(files, directory)).toEqual([]);
    await file.close();
  });

  it('tell files from directories', async () => {
    const { files, directory } = await subject();
    await written(files, `${directory}/file`, 'abc');
    await files.makeDirectory(`${directory}/sub`);
    const entries = (await files.list(directory)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(entries).toEqual([
      { name: 'file', isDirectory: false },
      { name: 'sub', isDirectory: true },
    ]);
    expect((await files.stat(`${directory}/file`)).isDirectory).toBe(false);
    expect((await files.stat(`${directory}/sub`)).isDirectory).toBe(true);
    expect(Number.isInteger((await files.stat(`${directory}/file`)).modifiedMs)).toBe(true);
  });

  it('refuse a file where a directory is meant, and the other way round', async () => {
    const { files, directory } = await subject();
    const file = await written(files, `${directory}/file`, 'abc');
    await files.makeDirectory(`${directory}/sub/inner`);
    expect(await codeOf(files.open(`${directory}/sub`, 'write'))).toBe('EISDIR');
    expect(await codeOf(files.readFile(`${directory}/sub`))).toBe('EISDIR');
    expect(await codeOf(files.removeFile(`${directory}/sub`))).toBe('EISDIR');
    expect(await codeOf(files.rename(file, `${directory}/sub`))).toBe('EISDIR');
    expect(await codeOf(files.lock(`${directory}/sub`))).toBe('EISDIR');
    expect(await codeOf(files.open(`${file}/x`, 'write'))).toBe('ENOTDIR');
    expect(await codeOf(files.stat(`${file}/x`))).toBe('ENOTDIR');
    expect(await codeOf(files.list(file))).toBe('ENOTDIR');
    expect(await codeOf(files.syncDirectory(file))).toBe('ENOTDIR');
    expect(await codeOf(files.removeDirectory(file))).toBe('ENOTDIR');
    expect(await codeOf(files.rename(`${directory}/sub`, file))).toBe('ENOTDIR');
    expect(await codeOf(files.makeDirectory(file))).toBe('EEXIST');
    expect(await codeOf(files.makeDirectory(`${file}/x`))).toBe('ENOTDIR');
  });
}

function describeDirectories(subject: () => Promise<Subject>): void {
  it('are made with their parents, and quietly if there', async () => {
    const { files, directory } = await subject();
    await files.makeDirectory(`${directory}/a/b/c`);
    await files.makeDirectory(`${directory}/a/b/c`);
    expect(await namesIn(files, `${directory}/a/b`)).toEqual(['c']);
    await files.syncDirectory(`${directory}/a/b`);
  });

  it('are removed with all that is in them, and quietly if missing', async () => {
    const { files, directory } = await subject();
    await files.makeDirectory(`${directory}/a/b`);
    await written(files, `${directory}/a/b/file`, 'abc');
    await written(files, `${directory}/a/file`, 'abc');
    await files.removeDirectory(`${directory}/a`);
    await files.removeDirectory(`${directory}/a`);
    await files.removeDirectory(`${directory}/none/a`);
    expect(await namesIn(files, directory)).toEqual([]);
  });

  it('move with what is in them, over an empty one but no other', async () => {
    const { files, directory } = await subject();
    await files.makeDirectory(`${directory}/full`);
    await files.makeDirectory(`${directory}/empty`);
    await files.makeDirectory(`${directory}/other`);
    await written(files, `${directory}/full/file`, 'abc');
    expect(await codeOf(files.rename(`${directory}/other`, `${directory}/full`))).toBe('ENOTEMPTY');
    expect(await codeOf(files.rename(`${directory}/full`, `${directory}/full/inner`))).toBe('EINVAL');
    await files.rename(`${directory}/full`, `${directory}/empty`);
    await files.rename(`${directory}/empty`, `${directory}/other/moved`);
    expect((await files.readFile(`${directory}/other/moved/file`)).toString()).toBe('abc');
    expect(await namesIn(files, directory)).toEqual(['other']);
  });
}

function describeLock(subject: () => Promise<Subject>): void {
  it('is held by one, also within the process, until released', async () => {
    const { files, directory } = await subject();
    const lock = await files.lock(`${directory}/.lock`);
    expect(lock).toBeDefined();
    expect(await files.lock(`${directory}/.lock`)).toBeUndefined();
    expect(await files.lock(`${directory}/.lock`)).toBeUndefined();
    const reader = await files.open(`${directory}/.lock`, 'read');
    await reader.close();
    expect(await files.lock(`${directory}/.lock`)).toBeUndefined();
    await lock?.release();
    const again = await files.lock(`${directory}/.lock`);
    expect(again).toBeDefined();
    expect(await codeOf(lock?.release() ?? Promise.resolve())).toBe('EBADF');
    expect(await files.lock(`${directory}/.lock`)).toBeUndefined();
    await again?.release();
  });

  it('leaves the file as it was', async () => {
    const { files, directory } = await subject();
    const lock = await files.lock(await written(files, `${directory}/.lock`, 'abc'));
    expect((await files.readFile(`${directory}/.lock`)).toString()).toBe('abc');
    await lock?.release();
    expect(await namesIn(files, directory)).toEqual(['.lock']);
  });
}

async function written(files: FileSystem, path: string, content: string): Promise<string> {
  const file = await files.open(path, 'write');
  await file.write([text(content)], 0);
  await file.close();
  return path;
}

async function namesIn(files: FileSystem, directory: string): Promise<string[]> {
  return (await files.list(directory)).map((entry) => entry.name).sort();
}

function text(content: string): Uint8Array {
  return Buffer.from(content);
}
