import type { Random } from '@barnabas/model';
import { pick, shuffled } from '../seeded-random.ts';
import type { OperationName, SimulatedFaults } from './simulated-faults.ts';

/** What an operation of a process that died rejects with, and whatever that process tries afterwards. */
export class ProcessDiedError extends Error {
  readonly code = 'EBADF';
  constructor() {
    super('EBADF, the simulated process is dead');
    this.name = 'ProcessDiedError';
  }
}

export type Operation<T> = {
  readonly name: OperationName;
  readonly path: string;
  /** Does it, all at one moment. */
  readonly run: () => T;
  /** Does some part of it, for a process that dies meanwhile. */
  readonly runInPart: () => void;
};

type Waiting = Operation<unknown> & {
  readonly owner: object;
  readonly finish: () => void;
  readonly reject: (error: Error) => void;
};

/**
 * The operations under way on a simulated disk. One is done for each turn of the event loop, drawn from all that wait:
 * whatever a program started without awaiting what came before happens in any order. A turn begins when no promise is
 * left to continue, so the same seed gives the same order however many `await`s the program goes through.
 */
export class OperationQueue {
  readonly #random: Random;
  readonly #faults: SimulatedFaults;
  #waiting: Waiting[] = [];
  #turning = false;

  constructor(random: Random, faults: SimulatedFaults) {
    this.#random = random;
    this.#faults = faults;
    faults.onRelease(() => this.#wake());
  }

  submit<T>(owner: object, operation: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => resolve(operation.run());
      this.#waiting.push({ ...operation, owner, finish, reject });
      this.#wake();
    });
  }

  /** Each operation of the owner is done, done in part or not at all, and then rejects. */
  interrupt(owner: object): void {
    const interrupted = shuffled(
      this.#random,
      this.#waiting.filter((operation) => operation.owner === owner),
    );
    this.#waiting = this.#waiting.filter((operation) => operation.owner !== owner);
    for (const operation of interrupted) {
      attempt(pick(this.#random, [operation.run, operation.runInPart, () => {}]));
      operation.reject(new ProcessDiedError());
    }
  }

  /** Resolves when nothing is under way but what is stalled. */
  async settled(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#ready().length > 0);
  }

  #ready(): Waiting[] {
    return this.#waiting.filter(({ name, path }) => !this.#faults.isStalled(name, path));
  }

  #wake(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turning = false;
    const ready = this.#ready();
    const operation = ready[ready.length > 1 ? this.#random.below(ready.length) : 0];
    if (operation === undefined) return;
    this.#waiting.splice(this.#waiting.indexOf(operation), 1);
    try {
      operation.finish();
    } catch (error) {
      operation.reject(error instanceof Error ? error : new Error(String(error)));
    }
    if (this.#waiting.length > 0) this.#wake();
  }
}

/** The process that would hear of a failure is gone. */
function attempt(action: () => unknown): void {
  try {
    action();
  } catch {}
}
