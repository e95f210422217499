import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type DockerResources, removeFromDocker } from './docker-resources.ts';

const REMOVER = join(import.meta.dirname, 'docker-remover.ts');

/**
 * Removes it all from the engine when this process is gone, however that came: the guard's standard input is a pipe that
 * ends then. To be set before anything is made.
 *
 * @returns what removes it all now, and then calls the guard off
 */
export const guardInDocker = (resources: DockerResources): (() => Promise<void>) => {
  const { network, containers } = resources;
  const guard = spawn('sh', ['-c', 'read end; exec "$@"', 'guard', process.execPath, REMOVER, network, ...containers], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return async () => {
    await removeFromDocker(resources);
    guard.kill('SIGKILL');
  };
};
