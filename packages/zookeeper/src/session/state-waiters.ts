import type { Scheduler, Timer } from '@barnabas/model';
import { LONGEST_MS } from './deadline.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

type Waiter = {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: Timer | undefined;
  /** It wants to sleep, connected or not. */
  readonly isPause: boolean;
};

/** Those who wait for a session to be CONNECTED, or only for a while. */
export class StateWaiters {
  readonly #scheduler: Scheduler;
  readonly #waiters = new Set<Waiter>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Resolves at `connected`, rejects at `lost` or when the deadline has passed; the longest deadline is none. */
  wait(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiters.delete(waiter);
        reject(new ZooKeeperError('OPERATION_TIMEOUT', `the session was not connected within ${deadlineMs} ms`));
      };
      const timer = deadlineMs >= LONGEST_MS ? undefined : this.#scheduler.after(deadlineMs, giveUp);
      const waiter: Waiter = { resolve, reject, timer, isPause: false };
      this.#waiters.add(waiter);
    });
  }

  /** Resolves after that time, rejects at `lost`. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#scheduler.after(delayMs, () => {
        this.#waiters.delete(waiter);
        resolve();
      });
      const waiter: Waiter = { resolve, reject, timer, isPause: true };
      this.#waiters.add(waiter);
    });
  }

  connected(): void {
    for (const { resolve } of this.#take(({ isPause }) => !isPause)) resolve();
  }

  lost(error: Error): void {
    for (const { reject } of this.#take(() => true)) reject(error);
  }

  #take(isMeant: (waiter: Waiter) => boolean): Waiter[] {
    const waiters = [...this.#waiters].filter(isMeant);
    for (const waiter of waiters) {
      this.#waiters.delete(waiter);
      waiter.timer?.cancel();
    }
    return waiters;
  }
}
