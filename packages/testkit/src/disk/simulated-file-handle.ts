import type { FileHandle } from '@barnabas/storage';
import { systemError } from '@barnabas/storage';
import { chance } from '../seeded-random.ts';
import type { Operation } from './operation-queue.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedFile } from './simulated-file.ts';
import type { SimulatedFileSystem } from './simulated-file-system.ts';

/** A file that a simulated process has open. */
export class SimulatedFileHandle implements FileHandle {
  readonly #process: SimulatedFileSystem;
  readonly #disk: SimulatedDisk;
  readonly #file: SimulatedFile;
  readonly #path: string;
  readonly #isWritable: boolean;
  readonly #inFlight = new Set<Promise<unknown>>();
  #isClosing = false;

  constructor(process: SimulatedFileSystem, file: SimulatedFile, path: string, isWritable: boolean) {
    this.#process = process;
    this.#disk = process.disk;
    this.#file = file;
    this.#path = path;
    this.#isWritable = isWritable;
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return this.#submit('read', position, () => {
      this.#failIfAsked('read');
      const count = this.#file.read(target, position);
      this.#disk.counters.reads++;
      this.#disk.counters.bytesRead += count;
      return count;
    });
  }

  write(chunks: readonly Uint8Array[], position: number): Promise<number> {
    const givenBytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    return this.#submit(
      'write',
      position,
      () => this.#write(chunks, position, givenBytes),
      () => this.#put(chunks, position, this.#disk.random.below(givenBytes + 1)),
    );
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#submit('truncate', sizeBytes, () => {
      if (!this.#isWritable) throw systemError('EINVAL', 'ftruncate', this.#path);
      this.#failIfAsked('truncate');
      this.#file.truncate(sizeBytes);
      this.#file.modifiedMs = this.#disk.nowMs();
    });
  }

  /** What it has to flush is settled by the call: a write that ends while it runs is not part of it. */
  sync(): Promise<void> {
    const state = this.#file.unflushed();
    return this.#submit(
      'sync',
      0,
      () => {
        this.#disk.counters.syncs++;
        const failure = this.#disk.faults.takeFailure('sync', this.#path);
        if (failure !== undefined) {
          this.#file.failFlush(state, this.#disk.random);
          throw systemError(failure, 'fdatasync', this.#path);
        }
        if (!this.#disk.faults.lieAboutSync) this.#file.flush(state);
      },
      () => {},
    );
  }

  sizeBytes(): Promise<number> {
    return this.#submit('stat', 0, () => this.#file.sizeBytes);
  }

  /** Waits for the operations of this handle that are under way. */
  async close(): Promise<void> {
    if (this.#isClosing) throw systemError('EBADF', 'close', this.#path);
    this.#isClosing = true;
    await Promise.allSettled([...this.#inFlight]);
    await this.#process.submit(this.#operation('close', () => this.#failIfAsked('close')));
  }

  #write(chunks: readonly Uint8Array[], position: number, givenBytes: number): number {
    const { faults, random } = this.#disk;
    if (!this.#isWritable) throw systemError('EBADF', 'write', this.#path);
    const failure = faults.takeFailure('write', this.#path);
    if (failure !== undefined) {
      this.#put(chunks, position, random.below(givenBytes + 1));
      throw systemError(failure, 'write', this.#path);
    }
    if (givenBytes > 0 && faults.spaceBytes <= 0) throw systemError('ENOSPC', 'write', this.#path);
    const isShort = givenBytes > 1 && chance(random, faults.shortWriteChance);
    const takenBytes = Math.min(isShort ? 1 + random.below(givenBytes - 1) : givenBytes, faults.spaceBytes);
    faults.spaceBytes -= takenBytes;
    this.#put(chunks, position, takenBytes);
    if (chance(random, faults.writeBackChance)) this.#file.writeBackSomePage(random);
    return takenBytes;
  }

  #put(chunks: readonly Uint8Array[], position: number, limitBytes: number): void {
    if (!this.#isWritable) return;
    this.#file.write(chunks, position, limitBytes);
    this.#file.modifiedMs = this.#disk.nowMs();
    this.#disk.counters.writes++;
    this.#disk.counters.bytesWritten += limitBytes;
  }

  #submit<T>(name: Operation<T>['name'], position: number, run: () => T, runInPart: () => void = run): Promise<T> {
    if (this.#isClosing) return Promise.reject(systemError('EBADF', name, this.#path));
    if (!Number.isSafeInteger(position) || position < 0) return Promise.reject(systemError('EINVAL', name, this.#path));
    const result = this.#process.submit(this.#operation(name, run, runInPart));
    this.#inFlight.add(result);
    const forget = () => this.#inFlight.delete(result);
    result.then(forget, forget);
    return result;
  }

  #operation<T>(name: Operation<T>['name'], run: () => T, runInPart: () => void = run): Operation<T> {
    return { name, path: this.#path, run, runInPart };
  }

  #failIfAsked(name: Operation<unknown>['name']): void {
    const failure = this.#disk.faults.takeFailure(name, this.#path);
    if (failure !== undefined) throw systemError(failure, name, this.#path);
  }
}
