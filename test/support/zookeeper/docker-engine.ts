import { existsSync } from 'node:fs';
import { request } from 'node:http';

const ANSWER_MAX_MS = 1_000;
const SOCKET = '/var/run/docker.sock';

/** Whether a Docker engine answers, quickly; where one may be is said by DOCKER_HOST, as for Docker's own tools. */
export const dockerAnswers = async (): Promise<boolean> => {
  const { DOCKER_HOST } = process.env;
  if (DOCKER_HOST === undefined || DOCKER_HOST === '') return existsSync(SOCKET) && pings({ socketPath: SOCKET });
  if (!URL.canParse(DOCKER_HOST)) return false;
  const { protocol, hostname, port, pathname } = new URL(DOCKER_HOST);
  return pings(protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port });
};

type Address = { readonly socketPath: string } | { readonly host: string; readonly port: string };

const pings = (address: Address): Promise<boolean> =>
  new Promise((resolve) => {
    const ping = request({ ...address, path: '/_ping', timeout: ANSWER_MAX_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.on('close', () => resolve(false));
    ping.end();
  });
