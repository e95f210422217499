import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALL_MAX_MS = 5 * 60_000;

/** Whether this program may install packages, and packages are Debian's. */
export const mayInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** Installs them, with what they need. What went wrong, or undefined where nothing did. */
export const installPackages = (...names: readonly string[]): string | undefined => {
  if (aptGet('install', ...names) === undefined) return undefined;
  // The lists of packages may be missing, as in a fresh container, or name versions that are no more.
  return aptGet('update') ?? aptGet('install', ...names);
};

/** Test files that run at the same time wait for each other at the lock. */
const aptGet = (...args: readonly string[]): string | undefined => {
  const { status, signal, error, stderr } = spawnSync(
    'apt-get',
    ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: INSTALL_MAX_MS,
    },
  );
  if (status === 0) return undefined;
  return `apt-get ${args.join(' ')}: ${error?.message ?? `ended with ${signal ?? status}, ${stderr.trim()}`}`;
};
