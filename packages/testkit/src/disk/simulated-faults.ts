/** What can be made to fail or stall. */
export type OperationName =
  | 'open'
  | 'close'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'stat'
  | 'list'
  | 'rename'
  | 'remove'
  | 'makeDirectory'
  | 'syncDirectory'
  | 'lock';

type Rule = { readonly operation: OperationName; readonly path: RegExp };
type Failure = Rule & { readonly code: string; timesLeft: number };

/** The faults that a test wants of a simulated disk, from now on. Paths are those a file was opened under. */
export class SimulatedFaults {
  /** How likely a write takes fewer bytes than it was given, from 0 to 1. No error tells of it. */
  shortWriteChance = 0;
  /** How likely the kernel, after a write, carries some unflushed page to the disk unasked, from 0 to 1. */
  writeBackChance = 0.1;
  /** How many bytes may still be written; the write that comes to the end is short, the next fails with ENOSPC. */
  spaceBytes = Number.POSITIVE_INFINITY;
  /** `sync` and `syncDirectory` report success and flush nothing. */
  lieAboutSync = false;

  readonly #failures = new Set<Failure>();
  readonly #stalls = new Set<Rule>();
  #released: () => void = () => {};

  /**
   * Operations of that name on matching paths fail with the error code, so many times or until lifted. A failed write
   * may have written a part; a failed sync has flushed some of the pages and forgotten, as Linux does, that the others
   * were not: the next one succeeds without them.
   *
   * @returns lifts the fault
   */
  fail(operation: OperationName, path: RegExp, code = 'EIO', times = Number.POSITIVE_INFINITY): () => void {
    const failure: Failure = { operation, path, code, timesLeft: times };
    this.#failures.add(failure);
    return () => this.#failures.delete(failure);
  }

  /**
   * Operations of that name on matching paths do not end.
   *
   * @returns lets them go on
   */
  stall(operation: OperationName, path: RegExp): () => void {
    const stall: Rule = { operation, path };
    this.#stalls.add(stall);
    return () => {
      this.#stalls.delete(stall);
      this.#released();
    };
  }

  isStalled(operation: OperationName, path: string): boolean {
    return [...this.#stalls].some((stall) => stall.operation === operation && stall.path.test(path));
  }

  /** The code that this operation has to fail with, which uses up one of its times. */
  takeFailure(operation: OperationName, path: string): string | undefined {
    for (const failure of this.#failures) {
      if (failure.operation !== operation || !failure.path.test(path) || failure.timesLeft < 1) continue;
      failure.timesLeft--;
      return failure.code;
    }
    return undefined;
  }

  onRelease(listener: () => void): void {
    this.#released = listener;
  }
}
