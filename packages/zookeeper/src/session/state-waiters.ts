import type { Scheduler, Timer } from '@barnabas/model';
import { ZooKeeperError } from './zookeeper-error.ts';

type Waiter = {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: Timer | undefined;
};

/** Those who wait for a session to be CONNECTED. */
export class StateWaiters {
  readonly #scheduler: Scheduler;
  readonly #waiters = new Set<Waiter>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Resolves at `connected`, rejects at `lost` or when the deadline, Infinity for none, has passed. */
  wait(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiters.delete(waiter);
        reject(new ZooKeeperError('OPERATION_TIMEOUT', `the session was not connected within ${deadlineMs} ms`));
      };
      const timer = deadlineMs === Number.POSITIVE_INFINITY ? undefined : this.#scheduler.after(deadlineMs, giveUp);
      const waiter: Waiter = { resolve, reject, timer };
      this.#waiters.add(waiter);
    });
  }

  connected(): void {
    for (const { resolve } of this.#takeAll()) resolve();
  }

  lost(error: Error): void {
    for (const { reject } of this.#takeAll()) reject(error);
  }

  #takeAll(): Waiter[] {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const { timer } of waiters) timer?.cancel();
    return waiters;
  }
}
