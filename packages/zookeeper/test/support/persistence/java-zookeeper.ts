import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const JAR = '/usr/share/java/zookeeper.jar';

/** Java 17 takes the encoding of its standard output from the first, later ones from the second. */
const UTF_8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8'];

/** Why the real ZooKeeper cannot be run here; undefined where it can. */
export function reasonAgainstJava(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return 'there is no java';
  return existsSync(JAR) ? undefined : `there is no ${JAR} (Debian's package zookeeper)`;
}

/** What one of ZooKeeper's programs prints. */
export function javaOutput(mainClass: string, ...args: string[]): string {
  return execFileSync('java', [...UTF_8, '-cp', JAR, mainClass, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A ZooKeeper server on a data directory, which it has read when the promise has resolved. */
export async function startJavaServer(dataDir: string): Promise<ChildProcess> {
  const port = await freePort();
  const lines = [
    `dataDir=${dataDir}`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    'extendedTypesEnabled=true',
    '4lw.commands.whitelist=srvr',
  ];
  await writeFile(`${dataDir}/zoo.cfg`, lines.join('\n'));
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  const server = spawn('java', ['-Xmx128m', '-cp', JAR, main, `${dataDir}/zoo.cfg`], { stdio: 'ignore' });
  while (!(await answers(port))) {
    if (server.exitCode !== null) throw new Error(`ZooKeeper ended with ${server.exitCode}`);
    await delay(50);
  }
  return server;
}

export async function killServer(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  if (server.kill('SIGKILL')) await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether it serves, which it does when it has read its directory and written a snapshot. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('srvr');
    const [answer] = await once(socket, 'data');
    return String(answer).includes('Mode: standalone');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
