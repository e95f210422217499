import * as fs from 'node:fs';
import type { FileHandle } from './file-system.ts';
import { systemError } from './system-error.ts';

type Done<T> = (error: Error | null, value: T) => void;

/**
 * An open file of the operating system, by its descriptor.
 *
 * Invariant: the descriptor is closed once, and only after every call that uses it has ended. The system gives the
 * number of a closed file to the next one that is opened; a read or write that came late would go into that file. So
 * `close` waits for the calls in flight, and whatever is called after it is refused with EBADF.
 */
export class NodeFileHandle implements FileHandle {
  readonly #fd: number;
  #inFlight = 0;
  #closing = false;
  #onIdle: (() => void) | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return this.#call('read', position, (done: Done<number>) =>
      fs.read(this.#fd, target, 0, target.byteLength, position, done),
    );
  }

  /** One call of the thread pool for any number of chunks: libuv splits them at the system's limit (IOV_MAX). */
  write(chunks: readonly Uint8Array[], position: number): Promise<number> {
    const [first] = chunks;
    if (first !== undefined && chunks.length === 1) {
      return this.#call('write', position, (done: Done<number>) =>
        fs.write(this.#fd, first, 0, first.byteLength, position, done),
      );
    }
    return this.#call('writev', position, (done: Done<number>) => fs.writev(this.#fd, chunks, position, done));
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#call('ftruncate', sizeBytes, (done: Done<void>) => fs.ftruncate(this.#fd, sizeBytes, done));
  }

  sync(): Promise<void> {
    return this.#call('fdatasync', 0, (done: Done<void>) => fs.fdatasync(this.#fd, done));
  }

  async sizeBytes(): Promise<number> {
    const stats = await this.#call('fstat', 0, (done: Done<fs.Stats>) => fs.fstat(this.#fd, done));
    return stats.size;
  }

  async close(): Promise<void> {
    if (this.#closing) throw systemError('EBADF', 'close');
    this.#closing = true;
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await new Promise<void>((resolve, reject) => {
      fs.close(this.#fd, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Node takes a position that is not a whole number, or negative, to mean "where the last call ended": refused. */
  #call<T>(syscall: string, position: number, start: (done: Done<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closing) throw systemError('EBADF', syscall);
      if (!Number.isSafeInteger(position) || position < 0) throw systemError('EINVAL', syscall);
      start((error, value) => {
        this.#inFlight--;
        if (error) reject(error);
        else resolve(value);
        if (this.#inFlight === 0) this.#onIdle?.();
      });
      this.#inFlight++;
    });
  }
}
