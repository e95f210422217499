import * as fs from 'node:fs';

type Done<T> = (error: Error | null, value: T) => void;

const called = <T>(start: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));

/** The peers' way to a file: the bare calls of `node:fs`, one promise each. */
export class RawFile {
  readonly #fd: number;

  constructor(path: string, mode: 'read' | 'write') {
    this.#fd = fs.openSync(path, mode === 'read' ? 'r' : 'w');
  }

  writev(chunks: readonly Buffer[], position: number): Promise<number> {
    return called((done: Done<number>) => fs.writev(this.#fd, chunks, position, done));
  }

  read(target: Buffer, position: number): Promise<number> {
    return called((done: Done<number>) => fs.read(this.#fd, target, 0, target.length, position, done));
  }

  fdatasync(): Promise<void> {
    return called((done: Done<void>) => fs.fdatasync(this.#fd, done));
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}
