import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills the process when ours is gone, however that came: its standard input is a pipe that ends then. Node offers
 * nothing that survives a SIGKILL of the test's worker.
 */
export const guardFor = ({ pid }: { readonly pid?: number | undefined }): ChildProcess | undefined =>
  pid === undefined
    ? undefined
    : spawn('sh', ['-c', 'read end; kill -9 "$1"', 'guard', String(pid)], {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
