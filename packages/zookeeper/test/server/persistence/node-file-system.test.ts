import { truncateSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/server/persistence/node-file-system.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';

const GIB = 1024 ** 3;

describe('reading', () => {
  it('takes what Node can read at a time, where more is asked for', async () => {
    const path = `${await temporaryDirectory()}/large`;
    writeFileSync(path, 'begin');
    truncateSync(path, 3 * GIB);
    const file = await nodeFileSystem.open(path, 'read');
    // Only what is written to takes memory.
    const target = Buffer.allocUnsafeSlow(2 * GIB + 1);
    const count = await file.read(target, 0);
    await file.close();
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(GIB);
    expect(target.toString('latin1', 0, 5)).toBe('begin');
  });
});

describe('making a directory', () => {
  it('makes its parents, and is quiet where it is there', async () => {
    const path = `${await temporaryDirectory()}/a/b/c`;
    await nodeFileSystem.makeDirectory(path);
    await nodeFileSystem.makeDirectory(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it.each(['/proc/nope/version-2', '/dev/null/x'])('fails where the system lets nobody make any: %s', async (path) => {
    await expect(nodeFileSystem.makeDirectory(path)).rejects.toHaveProperty('code');
  });

  it('fails where there is a file by its name', async () => {
    const path = `${await temporaryDirectory()}/file`;
    writeFileSync(path, '');
    await expect(nodeFileSystem.makeDirectory(path)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
