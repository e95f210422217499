import { createHmac } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/server/persistence/node-file-system.ts';
import { DamagedDataDirError } from '../../../src/server/persistence/persistence-errors.ts';
import { sessionPassword, sessionSecret } from '../../../src/server/persistence/session-secret.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';

describe('sessionSecret', () => {
  it('is made once, and only its owner may read it', async () => {
    const directory = await temporaryDirectory();
    const secret = await sessionSecret(nodeFileSystem, directory);
    expect(secret).toHaveLength(32);
    expect(await sessionSecret(nodeFileSystem, directory)).toEqual(secret);
    expect(await readFile(`${directory}/session-secret`)).toEqual(secret);
    expect((await stat(`${directory}/session-secret`)).mode & 0o777).toBe(0o600);
  });

  it('is another one in another directory', async () => {
    const one = await sessionSecret(nodeFileSystem, await temporaryDirectory());
    expect(await sessionSecret(nodeFileSystem, await temporaryDirectory())).not.toEqual(one);
  });

  it('is not made anew over one that was cut', async () => {
    const directory = await temporaryDirectory();
    await writeFile(`${directory}/session-secret`, 'short');
    await expect(sessionSecret(nodeFileSystem, directory)).rejects.toThrow(DamagedDataDirError);
    expect(await readFile(`${directory}/session-secret`, 'utf8')).toBe('short');
  });
});

describe('sessionPassword', () => {
  it('is the first half of the HMAC of the id', () => {
    const secret = Buffer.alloc(32, 7);
    const id = Buffer.from('0100000000000002', 'hex');
    const hmac = createHmac('sha256', secret).update(id).digest();
    expect(Buffer.from(sessionPassword(secret, 0x0100000000000002n))).toEqual(hmac.subarray(0, 16));
  });

  it('differs from session to session, and takes every id', () => {
    const secret = Buffer.alloc(32, 7);
    const passwords = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)].map((id) =>
      Buffer.from(sessionPassword(secret, id)).toString('hex'),
    );
    expect(new Set(passwords).size).toBe(5);
    for (const password of passwords) expect(password).toHaveLength(32);
  });
});
