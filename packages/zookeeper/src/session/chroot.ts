import { problemOfPath } from '../operation/path.ts';
import { checkChroot } from './connect-string.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

/** Translates between the paths of a session's user and those of the server. */
export class Chroot {
  /** As the server knows it; `/` where there is none. */
  readonly path: string;
  readonly #prefix: string;

  /** @throws ZooKeeperError BAD_ARGUMENTS where `path` is none */
  constructor(path: string) {
    checkChroot(path);
    this.path = path;
    this.#prefix = path === '/' ? '' : path;
  }

  /** @throws ZooKeeperError BAD_ARGUMENTS where `path` is none */
  toServer(path: string): string {
    const problem = problemOfPath(path);
    if (problem !== undefined)
      throw new ZooKeeperError('BAD_ARGUMENTS', `'${path}' is not a path: ${problem}`, { path });
    return path === '/' && this.#prefix !== '' ? this.#prefix : this.#prefix + path;
  }

  /** The same for a path to which the server appends a number: it may end with a slash. */
  toServerSequential(path: string): string {
    this.toServer(`${path}0`);
    return this.#prefix + path;
  }

  /** undefined for a path outside of it. */
  fromServer(path: string): string | undefined {
    if (this.#prefix === '') return path;
    if (path === this.#prefix) return '/';
    return path.startsWith(`${this.#prefix}/`) ? path.slice(this.#prefix.length) : undefined;
  }
}
