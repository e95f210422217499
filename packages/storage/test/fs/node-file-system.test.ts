import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFileSystem } from '@barnabas/storage';
import { describe, expect, it, onTestFinished } from 'vitest';

const holder = fileURLToPath(new URL('lock-holder.ts', import.meta.url));
const hasPython = spawnSync('python3', ['-c', 'import fcntl']).status === 0;

describe('nodeFileSystem.makeDirectory', () => {
  it('makes what is missing on the way, and minds nothing that is there', async () => {
    const path = join(await temporaryDirectory(), 'a/b/c');
    await nodeFileSystem.makeDirectory(path);
    await nodeFileSystem.makeDirectory(path);
    expect((await nodeFileSystem.stat(path)).isDirectory).toBe(true);
  });

  it.runIf(process.platform === 'linux')('rejects where the system has no place for one', async () => {
    await expect(nodeFileSystem.makeDirectory('/proc/x')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('nodeFileSystem.space', () => {
  it('tells what the file system has, and what of it is left', async () => {
    const { totalBytes, usableBytes } = await nodeFileSystem.space(await temporaryDirectory());
    expect(totalBytes).toBeGreaterThan(1024 * 1024);
    expect(usableBytes).toBeGreaterThan(0);
    expect(usableBytes).toBeLessThanOrEqual(totalBytes);
    await expect(nodeFileSystem.space('/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('nodeFileSystem.lock', () => {
  it('is refused while another process holds it, and taken once that is killed', async () => {
    const path = await lockPath();
    const child = await started(process.execPath, [holder, path]);
    expect(await nodeFileSystem.lock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await nodeFileSystem.lock(path);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('keeps another process out until released', async () => {
    const path = await lockPath();
    const lock = await nodeFileSystem.lock(path);
    expect(spawnSync(process.execPath, [holder, path, 'once']).stdout.toString()).toBe('refused\n');
    await lock?.release();
    expect(spawnSync(process.execPath, [holder, path, 'once']).stdout.toString()).toBe('held\n');
  });

  it.runIf(hasPython)('and the fcntl lock that the JVM takes keep each other out', async () => {
    const path = await lockPath();
    const lock = await nodeFileSystem.lock(path);
    expect(spawnSync('python3', ['-c', POSIX_LOCK, path, 'once']).stdout.toString()).toBe('refused\n');
    await lock?.release();
    const child = await started('python3', ['-c', POSIX_LOCK, path]);
    expect(await nodeFileSystem.lock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});

describe('an open file of nodeFileSystem', () => {
  it('that is closed does not touch the file that gets its descriptor next', async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 50; round++) {
      const first = await nodeFileSystem.open(`${directory}/first`, 'write');
      const writes = Array.from({ length: 8 }, () => first.write([Buffer.alloc(1000, 1)], 0));
      const closing = first.close();
      const late = first.write([Buffer.alloc(1000, 2)], 0).catch((error) => error);
      const second = await nodeFileSystem.open(`${directory}/${round}`, 'write');
      await Promise.all([closing, ...writes]);
      expect(await late).toMatchObject({ code: 'EBADF' });
      expect(await second.sizeBytes()).toBe(0);
      await second.close();
    }
  });
});

/** Locks as `FileChannel.tryLock` does, from byte 0 on and for as long as a file can be. */
const POSIX_LOCK = `
import fcntl, os, sys, time
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
try:
    fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 2**63 - 1)
    print('held', flush=True)
    if len(sys.argv) == 2: sys.stdin.read()
except OSError:
    print('refused', flush=True)
`;

/** A child process that has said that it holds the lock. */
async function started(command: string, args: string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toMatch(/^held/);
  return child;
}

async function lockPath(): Promise<string> {
  return `${await temporaryDirectory()}/.lock`;
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(`${tmpdir()}/barnabas-`);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
