import { createServer } from 'node:net';
import { CommandError } from '../command-error.ts';
import { HOST } from './cluster-settings.ts';

/** A port that is about to be used, and what for. */
export type WantedPort = { readonly port: number; readonly use: string };

/** @throws CommandError that names the first port that somebody else has */
export async function refuseTakenPorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const { port, use } of wanted) {
    if (await isFree(port)) continue;
    throw new CommandError(
      `port ${port}, for ${use}, is taken, and nothing was started: end what uses it, or move all ports with ` +
        '--port-offset or PORT_OFFSET (for example PORT_OFFSET=1000)',
    );
  }
}

/** Whether it can be listened on. The system may give it to somebody else a moment later. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
