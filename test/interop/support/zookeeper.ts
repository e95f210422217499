import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { JavaProcess } from './java-process.ts';
import { runTool } from './java-tool.ts';

const START_MAX_MS = 60_000;

/** A znode that is to be made, with its data as JSON. */
export type Znode = { readonly path: string; readonly data: object };

/** One ZooKeeper server of its own on a free port of the loopback interface. Ends with `stop`. */
export class ZooKeeper {
  readonly address: string;
  readonly #classPath: string;
  readonly #server: JavaProcess;

  private constructor(classPath: string, address: string, server: JavaProcess) {
    this.#classPath = classPath;
    this.address = address;
    this.#server = server;
  }

  /** @param dir for its configuration and data; made if missing */
  static async start(classPath: string, dir: string): Promise<ZooKeeper> {
    const port = await freePort();
    mkdirSync(dir, { recursive: true });
    const config = join(dir, 'zoo.cfg');
    const settings = {
      tickTime: 1000,
      dataDir: join(dir, 'data'),
      clientPort: port,
      clientPortAddress: '127.0.0.1',
      'admin.enableServer': false,
    };
    writeFileSync(config, propertiesText(settings));
    const mainClass = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const server = new JavaProcess({ classPath, mainClass, args: [config], kind: 'server' });
    try {
      // The first thing that it says when it no longer turns clients away.
      await server.lineMatching(/\(org\.apache\.zookeeper\.server\.ContainerManager\)/, START_MAX_MS);
    } catch (error) {
      await server.stop('SIGKILL');
      throw error;
    }
    return new ZooKeeper(classPath, `127.0.0.1:${port}`, server);
  }

  /** Makes the znodes, and above them those that are missing. */
  async create(znodes: readonly Znode[]): Promise<void> {
    const paths = new Map<string, string>();
    for (const { path, data } of znodes) {
      for (const parent of parentsOf(path)) if (!paths.has(parent)) paths.set(parent, "''");
      paths.set(path, `'${JSON.stringify(data)}'`);
    }
    const commands = Array.from(paths, ([path, data]) => `create ${path} ${data}\n`);
    const { stdout, stderr } = await runTool({
      classPath: this.#classPath,
      mainClass: 'org.apache.zookeeper.ZooKeeperMain',
      args: ['-server', this.address],
      input: `${commands.join('')}quit\n`,
    });
    const said = stdout + stderr;
    const refused = Array.from(paths.keys()).filter((path) => !said.includes(`Created ${path}\n`));
    if (refused.length > 0) throw new Error(`not created: ${refused.join(', ')}\n${said}`);
  }

  async stop(): Promise<void> {
    await this.#server.stop('SIGTERM');
  }
}

/** `/a` and `/a/b` of `/a/b/c`. */
const parentsOf = (path: string): string[] => {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
};

/** The lines of a Java properties file whose values need no escape. */
export const propertiesText = (properties: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** ZooKeeper cannot choose a port by itself. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};
