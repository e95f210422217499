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

/** Who started an operation, and how it is told of its end. */
export type OperationOwner = {
  /** Runs the task where the owner runs: at once, when it goes on, or never, if it is dead. */
  run(task: () => void): void;
};

type Waiting = Operation<unknown> & {
  readonly owner: OperationOwner;
  readonly finish: () => void;
  readonly reject: (error: Error) => void;
};

/** Runs a turn of the disk some time later, when no promise is left to continue. */
export type LaterTurn = (turn: () => void) => void;

/** In the next turn of the event loop. */
export const NEXT_TURN: LaterTurn = (turn) => void setImmediate(turn);

/**
 * The operations under way on a simulated disk. One is done for each turn, drawn from all that wait: whatever a program
 * started without awaiting what came before happens in any order. A turn begins when no promise is left to continue, so the
 * same seed gives the same order however many `await`s the program goes through.
 */
export class OperationQueue {
  readonly #random: Random;
  readonly #faults: SimulatedFaults;
  readonly #later: LaterTurn;
  readonly #onDone: (operation: Operation<unknown>) => void;
  #waiting: Waiting[] = [];
  #turning = false;

  /** @param onDone called after each operation that a live process has begun, whether it succeeded or not */
  constructor(
    random: Random,
    faults: SimulatedFaults,
    later: LaterTurn = NEXT_TURN,
    onDone: (operation: Operation<unknown>) => void = () => {},
  ) {
    this.#random = random;
    this.#faults = faults;
    this.#later = later;
    this.#onDone = onDone;
    faults.onRelease(() => this.#wake());
  }

  submit<T>(owner: OperationOwner, operation: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        const result = operation.run();
        owner.run(() => resolve(result));
      };
      this.#waiting.push({ ...operation, owner, finish, reject: (error) => owner.run(() => reject(error)) });
      this.#wake();
    });
  }

  /** Each operation of the owner is done, done in part or not at all, and then rejects. */
  interrupt(owner: OperationOwner): void {
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

  /** Resolves when nothing is under way but what is stalled; for turns of the event loop, which need nobody to come about. */
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
    this.#later(() => this.#turn());
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
    this.#onDone(operation);
    if (this.#waiting.length > 0) this.#wake();
  }
}

/** The process that would hear of a failure is gone. */
function attempt(action: () => unknown): void {
  try {
    action();
  } catch {}
}
