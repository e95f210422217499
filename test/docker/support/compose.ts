import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../../docker/compose.yaml');

/** The plugin of Docker's own command, or the program that was there before it. */
const COMMANDS: readonly (readonly string[])[] = [['docker', 'compose'], ['docker-compose']];

/** docker/compose.yaml as a project of its own. Ends with `down`. */
export class Compose {
  readonly #project = `barnabas-${randomUUID()}`;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #command: readonly string[];

  /** @param environment what the file may be told */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
    const found = COMMANDS.find(([program = '', ...args]) => spawnSync(program, [...args, 'version']).status === 0);
    if (found === undefined) throw new Error('neither docker compose nor docker-compose is installed');
    this.#command = found;
  }

  /** Resolves when all containers run, which is before the brokers are ready. */
  up(): void {
    this.#run('up', '--no-build', '--detach');
  }

  /** Removes it all, with what it has stored. */
  down(): void {
    this.#run('down', '--volumes');
  }

  /** The ends of all logs, for a test that failed. */
  logTails(): string {
    return this.#run('logs', '--tail', '20');
  }

  #run(...args: readonly string[]): string {
    const [program = '', ...first] = this.#command;
    const { status, stdout, stderr, error } = spawnSync(
      program,
      [...first, '--file', FILE, '--project-name', this.#project, ...args],
      { env: { ...process.env, ...this.#environment }, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  }
}
