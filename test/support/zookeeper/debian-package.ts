import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { say } from './say.ts';

/** What the package's own scripts are told about where everything is. */
const ENVIRONMENT = '/usr/share/zookeeper/bin/zkEnv.sh';
/** Comes with the library that the package logs through, which on its own drops all that it is told. */
const LOGGER = '/usr/share/java/slf4j-simple.jar';
const INSTALL_MAX_MS = 5 * 60_000;

/** The class path of Debian's package `zookeeper`; undefined where it is not installed. */
export const debianClassPath = (): string | undefined => {
  if (!existsSync(ENVIRONMENT)) return undefined;
  const { stdout } = spawnSync('sh', ['-c', `. ${ENVIRONMENT} && printf %s "$CLASSPATH"`], { encoding: 'utf8' });
  return stdout === '' ? undefined : `${LOGGER}:${stdout}`;
};

/** Whether this program may install packages, and packages are Debian's. */
export const mayInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** Installs the package, and Java with it. What went wrong, or undefined where nothing did. */
export const installDebianPackage = (): string | undefined => {
  say('installing the package zookeeper with apt-get');
  if (aptGet('install', 'zookeeper', 'default-jre-headless') === undefined) return undefined;
  // The lists of packages may be missing, as in a fresh container, or name versions that are no more.
  return aptGet('update') ?? aptGet('install', 'zookeeper', 'default-jre-headless');
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
