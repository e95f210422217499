import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataDir } from '../../../src/server/persistence/data-dir.ts';
import { DataDirLockedError } from '../../../src/server/persistence/persistence-errors.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';

const holder = async (dataDir: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/lock-holder.ts`, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
};

describe('a data directory that is in use', () => {
  it('is refused, and the error says who uses it', async () => {
    const dataDir = await temporaryDirectory();
    const child = await holder(dataDir);
    const opened = openDataDir({ dataDir });
    await expect(opened).rejects.toBeInstanceOf(DataDirLockedError);
    await expect(opened).rejects.toMatchObject({ dataDir, holderPid: child.pid });
    await expect(opened).rejects.toThrow(`${dataDir} is in use by process ${child.pid}`);
  });

  it('is free as soon as its user is killed, whoever has that pid by then', async () => {
    const dataDir = await temporaryDirectory();
    const child = await holder(dataDir);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { close } = await openDataDir({ dataDir });
    await close();
  });

  it('is refused to the process itself, until it has closed it', async () => {
    const dataDir = await temporaryDirectory();
    const { close } = await openDataDir({ dataDir });
    await expect(openDataDir({ dataDir })).rejects.toMatchObject({ holderPid: process.pid });
    await close();
    await (await openDataDir({ dataDir })).close();
  });
});
