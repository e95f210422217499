/** Runs tasks one after the other, in the order in which they came, whether those before have failed or not. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether nothing runs and nothing waits to. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** Settles as `task` does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(task).finally(() => {
      this.#waiting--;
    });
    this.#last = result.catch(() => {});
    return result;
  }
}
