import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { shout } from '../zookeeper/say.ts';
import { installPackages, mayInstall } from './packages.ts';

/** What has to be there, told by a command that then succeeds, and the packages that it comes with. */
export type Need = { readonly command: readonly string[]; readonly packages: readonly string[] };

/**
 * A suite that needs programs of Debian's packages, which are installed where they may be. Where they cannot be had the suite
 * is left out, which is said loudly and is a failure on CI.
 */
export function describeWithPackages(name: string, { command, packages }: Need, suite: () => void): void {
  const problem = succeeds(command) ? undefined : problemOfInstalling(packages);
  if (problem === undefined) {
    describe(name, suite);
    return;
  }
  shout(`NOT RUN: ${name}. Missing: ${packages.join(' ')}\n${problem}`);
  if (process.env.CI === 'true') throw new Error(`${name} cannot run without ${packages.join(' ')}: ${problem}`);
  describe.skip(name, suite);
}

const succeeds = ([program = '', ...args]: readonly string[]): boolean => spawnSync(program, args).status === 0;

const problemOfInstalling = (packages: readonly string[]): string | undefined =>
  mayInstall() ? installPackages(...packages) : 'only root on Debian or Ubuntu can install them';
