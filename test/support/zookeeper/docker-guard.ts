import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { DockerResources } from './docker-resources.ts';

const REMOVER = join(import.meta.dirname, 'docker-remover.ts');

/**
 * Removes it all from the engine when this process is gone, however that came: the guard's standard input is a pipe that
 * ends then. To be set before anything is made, and called off when it is removed.
 *
 * @returns what calls it off
 */
export const guardInDocker = ({ network, containers }: DockerResources): (() => void) => {
  const guard = spawn('sh', ['-c', 'read end; exec "$@"', 'guard', process.execPath, REMOVER, network, ...containers], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return () => guard.kill('SIGKILL');
};
