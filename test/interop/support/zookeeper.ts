import type { Ensemble } from '../../support/zookeeper/ensemble.ts';
import { javaEnsemble } from '../../support/zookeeper/java-ensemble.ts';
import { runTool } from './java-tool.ts';

/** A znode that is to be made, with its data as JSON. */
export type Znode = { readonly path: string; readonly data: object };

const SETTINGS = { tickTimeMs: 1000, containerCheckIntervalMs: 60_000, fsync: true };

/** One ZooKeeper server of its own on a free port of the loopback interface. Ends with `stop`. */
export class ZooKeeper {
  readonly #classPath: string;
  readonly #ensemble: Ensemble;

  private constructor(classPath: string, ensemble: Ensemble) {
    this.#classPath = classPath;
    this.#ensemble = ensemble;
  }

  static async start(classPath: string): Promise<ZooKeeper> {
    const ensemble = await javaEnsemble(classPath, 1, SETTINGS);
    await ensemble.start();
    return new ZooKeeper(classPath, ensemble);
  }

  get address(): string {
    return this.#ensemble.connectString;
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
    await this.#ensemble.stop();
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
