import { randomInt } from 'node:crypto';
import { CommandError } from '../command-error.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { membersOf } from './member.ts';
import { isFree } from './taken-ports.ts';

const ATTEMPTS = 50;
/** Away from where people put their own, and below the ports that systems hand out by themselves. */
const LEAST_OFFSET = 10_000;
const GREATEST_OFFSET = 22_000;

/** A port offset with which nobody has any port of the cluster. @throws CommandError where none was found */
export async function freeOffset(settings: ClusterSettings, environment: NodeJS.ProcessEnv): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const portOffset = randomInt(LEAST_OFFSET, GREATEST_OFFSET);
    const wanted = membersOf({ ...settings, portOffset }, environment).flatMap(({ ports }) => ports);
    const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
    if (free.every((it) => it)) return portOffset;
  }
  throw new CommandError('no free ports were found for a cluster');
}
