import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installPackages } from '../debian/packages.ts';
import { say } from './say.ts';

/** What the package's own scripts are told about where everything is. */
const ENVIRONMENT = '/usr/share/zookeeper/bin/zkEnv.sh';
/** Comes with the library that the package logs through, which on its own drops all that it is told. */
const LOGGER = '/usr/share/java/slf4j-simple.jar';

/** The class path of Debian's package `zookeeper`; undefined where it is not installed. */
export const debianClassPath = (): string | undefined => {
  if (!existsSync(ENVIRONMENT)) return undefined;
  const { stdout } = spawnSync('sh', ['-c', `. ${ENVIRONMENT} && printf %s "$CLASSPATH"`], { encoding: 'utf8' });
  return stdout === '' ? undefined : `${LOGGER}:${stdout}`;
};

/** Installs the package, and Java with it. What went wrong, or undefined where nothing did. */
export const installDebianPackage = (): string | undefined => {
  say('installing the package zookeeper with apt-get');
  return installPackages('zookeeper', 'default-jre-headless');
};
